"""Words of itineraries in the languages of the house, folded as `parts.fold` does."""

from __future__ import annotations

import re

from services.itineraries.months import one_of
from services.itineraries.parts import Role, fold

_LABELS: dict[Role, str] = {
    "departure": """departure departs depart departing dep leaves leaving etd salida sale partida отправление вылет вылетает
        выезд 出发 起飞 离开 启程 المغادرة مغادرة الإقلاع الانطلاق abflug abfahrt""",
    "arrival": """arrival arrives arrive arriving arr eta arrivee llegada llega прибытие прилет прилетает приезд 到达 抵达 降落
        الوصول وصول ankunft""",
}
#: Words that say "from" and "to" only where a line begins with them or a colon follows.
_STARTS: dict[Role, str] = {"departure": "from desde 从 من von", "arrival": "to hasta 至 إلى الى nach"}
_MODES = {
    "RAIL": "train rail railway tren ferrocarril поезд 火车 列车 高铁 قطار tgv",
    "ROAD": """bus coach car taxi minibus convoy autobus autocar autobús coche voiture автобус автомобиль машина 汽车 大巴
        حافلة سيارة""",
    "SEA": "ferry ship boat bateau barco паром 渡轮 عبارة",
    "UN_FLIGHT": "unhas",
    "AIR": "flight vol vuelo рейс 航班 رحلة flug airlines airways",
}
#: What stands in itineraries without saying where or when.
_FILLER = """
flight flights vol vols vuelo vuelos рейс 航班 航班号 رحلة flug no nr number num numero numéro номер رقم outbound inbound
return aller retour ida vuelta regreso туда обратно 去程 回程 ذهاب عودة الذهاب العودة hinflug ruckflug economy business
first premium class classe clase класс эконом 经济舱 商务舱 confirmed confirme confirmé confirmado подтверждено 已确认 مؤكد ok
status statut estado terminal airport aéroport aeroport aeropuerto аэропорт 机场 مطار flughafen intl international
internacional local time times heure heures locale hora местное время 当地时间 hrs uhr h date fecha дата 日期 التاريخ jour
день nonstop non stop direct directo прямой 直飞 at on le el am um в في leg segment 航段 train tren поезд 火车 قطار bus
autobus автобус car voiture ferry unhas y hk hk1 and und et i с по de la le du del the un onu оон humanitarian air
service
"""
_ASIDES = """
hotel hôtel check check-in checkin checkout boarding gate price total fare seat baggage luggage meal passenger
traveller name booking reservation reference ticket issued payment embarquement porte prix siège bagages passager
billet réservation émis embarque puerta precio asiento equipaje pasajero billete reserva отель гостиница посадка место
багаж пассажир билет бронирование цена 酒店 登机 座位 行李 旅客 票价 预订 فندق بوابة مقعد أمتعة مسافر تذكرة حجز سعر layover
connection stopover duration escale correspondance durée escala duración пересадка 中转 转机 时长 مدة توقف via через meeting
dinner lunch conference réunion reunión встреча 会议 اجتماع
"""


def _words(listed: str) -> frozenset[str]:
    return frozenset(fold(word) for word in listed.split())


FILLER, ASIDES = _words(_FILLER), _words(_ASIDES)
_HAN = re.compile("[\u4e00-\u9fff]")


def _bounded(words: frozenset[str]) -> str:
    """Write words as alternatives: by themselves, except in Chinese, which leaves no room between them."""
    spaced, dense = (frozenset(word for word in words if bool(_HAN.search(word)) is han) for han in (False, True))
    alone = rf"(?<![^\W_])(?:{one_of(spaced)})(?![^\W_])"
    return rf"{alone}|{one_of(dense)}" if dense else alone


HAN_FILLER = re.compile(one_of(word for word in FILLER if _HAN.search(word)))
MODES = {mode: re.compile(_bounded(_words(listed))) for mode, listed in _MODES.items()}
UN_FLIGHT = re.compile(
    r"(?<![^\W_])un flight|vols? (?:de l)?.?onu(?![^\W_])|vuelo (?:de la )?onu(?![^\W_])|рейс оон|联合国航班|رحلة الامم المتحدة"
)
LABELS: dict[Role, re.Pattern[str]] = {
    role: re.compile(
        rf"(?:{_bounded(_words(_LABELS[role]))})\.?\s?:?"
        rf"|^\W{{0,3}}(?:{_bounded(_words(_STARTS[role]))})(?=\s|:|[\u4e00-\u9fff])\s?:?"
        rf"|(?:{_bounded(_words(_STARTS[role]))})\s?:"
    )
    for role in _LABELS
}
#: "Operated by": the operator is whoever follows, and nobody else in the leg.
CARRIED_BY = re.compile(
    r"(?:operated|operating) by:?|opere par:?|assure par:?|operado por:?|выполняется(?: авиакомпанией)?:?|实际承运人?:?|承运人?:?"
    r"|تشغلها:?|تشغيل:?|durchgefuhrt von:?"
)
NEXT_DAY = (
    r"next day|le lendemain|lendemain|dia siguiente|al dia siguiente|на следующии день|следующии день|次日|第二天|اليوم التالي"
)
#: What joins the two ends of a leg, and what only parts the cells of a table.
LINK = re.compile(
    r"\s?(?:->|→|⇒|➔|—|–|~|>|»|✈)\s?|(?<=\s)-(?=\s)|(?<=\b[a-z]{3})[-/](?=[a-z]{3}\b)|\s(?:to|a|nach|vers|hasta)\s"
    r"|(?<=[\u4e00-\u9fff])[-至到](?=[\u4e00-\u9fff])|飞往|前往|\sالي\s|\sالى\s"
)
CELL = re.compile(r"[\t|;•·]|\s{3,}|,(?=\s*\x00)|\x00,")
