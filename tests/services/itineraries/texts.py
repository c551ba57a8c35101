"""Texts as airlines, travel agents and tables write them, with what is certain in them.

A stop is written as "kind | place | area | arrival | departure | transport | operator | number"; what is not certain is "-".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """A text, the stops that are certain in it, and what is noted, by the beginning of each note."""

    text: str
    stops: tuple[str, ...]
    notes: tuple[str, ...] = ()
    order: str = ""


NAIROBI_AND_HOME = (
    "- | Nairobi | KE-NBO | 2026-12-12 19:30 | 2026-12-20 23:40 | AIR | - | LX 288",
    "RETURN | Geneva | CH-GVA | 2026-12-21 06:15 | - | AIR | - | LX 289",
)
TO_NAIROBI = ("- | Nairobi | KE-NBO | 2026-12-12 19:30 | - | AIR | - | LX 288",)

SAMPLES = {
    "an English mail with departure and arrival in lines": Sample(
        """Dear Ms Marchetti,
Thank you for choosing us. Your booking reference is X7K2PQ.

Flight LX 288
Departure: Geneva (GVA), Sat 12 Dec 2026 09:20
Arrival: Nairobi (NBO), Sat 12 Dec 2026 19:30
Duration 8h 10m, Economy (Y), Seat 12A

Flight KQ117
Departure: Nairobi (NBO), 20 December 2026, 11:40 pm
Arrival: Geneva (GVA), 6:15 am (+1)

Total price: EUR 812.50
""",
        (
            "- | Nairobi (NBO) | KE-NBO | 2026-12-12 19:30 | 2026-12-20 23:40 | AIR | - | LX 288",
            "RETURN | Geneva (GVA) | CH-GVA | 2026-12-21 06:15 | - | AIR | - | KQ 117",
        ),
    ),
    "a French mail with dates above": Sample(
        """Samedi 12 décembre 2026
09h20 Genève
19h30 Nairobi
Vol LX 288

Dimanche 20 décembre 2026
23h40 Nairobi
06h15 (+1) Genève
Vol LX 289""",
        (NAIROBI_AND_HOME[0], NAIROBI_AND_HOME[1].replace("Geneva", "Genève")),
    ),
    "a Spanish mail": Sample(
        """Vuelo LX 288
Salida: Ginebra, sábado, 12 de diciembre de 2026, 9:20
Llegada: Nairobi, 19:30""",
        TO_NAIROBI,
    ),
    "a Russian mail": Sample(
        """суббота, 12 декабря 2026 г.
Рейс LX 288
Вылет: Женева, 09:20
Прилёт: Найроби, 19:30""",
        (TO_NAIROBI[0].replace("Nairobi", "Найроби"),),
    ),
    "a Chinese mail": Sample(
        """2026年12月12日 星期六
航班 LX 288 日内瓦 - 内罗毕
09:20 - 19:30""",
        (TO_NAIROBI[0].replace("Nairobi", "内罗毕"),),
    ),
    "a Chinese mail in figures of full width": Sample(
        """航班：LX 288
出发：日内瓦，2026年12月12日（周六） 上午9:20
到达：内罗毕，2026年12月12日（周六） 下午7:30""",
        (TO_NAIROBI[0].replace("Nairobi", "内罗毕"),),
    ),
    "an Arabic mail": Sample(
        """السبت، 12 ديسمبر 2026
رحلة LX 288
المغادرة: جنيف 9:20 ص
الوصول: نيروبي 7:30 م""",
        (TO_NAIROBI[0].replace("Nairobi", "نيروبي"),),
    ),
    "an Arabic mail with Arabic figures": Sample(
        """رحلة LX 288
المغادرة: جنيف ١٢ كانون الأول ٢٠٢٦ ٠٩:٢٠
الوصول: نيروبي ١٩:٣٠""",
        (TO_NAIROBI[0].replace("Nairobi", "نيروبي"),),
    ),
    "rows of a table": Sample(
        """Flight\tDate\tFrom\tTo\tDep\tArr
LX288\t2026-12-12\tGeneva\tNairobi\t09:20\t19:30
LX289\t2026-12-20\tNairobi\tGeneva\t23:40\t06:15+1""",
        NAIROBI_AND_HOME,
    ),
    "rows with bars": Sample(
        """LX 288 | 12.12.2026 | Geneva | Nairobi | 09:20 | 19:30
LX 289 | 20.12.2026 | Nairobi | Geneva | 23:40 | 06:15 (+1 day)""",
        NAIROBI_AND_HOME,
    ),
    "one line for each flight": Sample(
        """LX 288 12 Dec 2026 Geneva (GVA) - Nairobi (NBO) 09:20 19:30
LX 289 20 Dec 2026 NBO - GVA 23:40 06:15+1""",
        (
            NAIROBI_AND_HOME[0].replace("| Nairobi |", "| Nairobi (NBO) |"),
            NAIROBI_AND_HOME[1].replace("| Geneva |", "| GVA |"),
        ),
    ),
    "the code of a reservation system": Sample(
        "1  LX 288 Y 12DEC26 6 GVANBO HK1 0920 1930\n2  LX 289 Y 20DEC26 7 NBOGVA HK1 2340 0615+1",
        (
            "- | NBO | - | 2026-12-12 19:30 | 2026-12-20 23:40 | AIR | - | LX 288",
            "RETURN | GVA | - | 2026-12-21 06:15 | - | AIR | - | LX 289",
        ),
    ),
    "airports that no register knows, with changes of planes": Sample(
        """ET 729 GVA - ADD 12 Dec 2026 21:00 05:30+1
ET 300 ADD - NBO 13 Dec 2026 08:00 10:00
KQ 100 NBO - ADD 20 Dec 2026 18:00 20:00
ET 728 ADD - GVA 20 Dec 2026 23:00 06:00+1""",
        (
            "TRANSIT | ADD | - | 2026-12-13 05:30 | 2026-12-13 08:00 | AIR | - | ET 729",
            "- | NBO | - | 2026-12-13 10:00 | 2026-12-20 18:00 | AIR | - | ET 300",
            "TRANSIT | ADD | - | 2026-12-20 20:00 | 2026-12-20 23:00 | AIR | - | KQ 100",
            "RETURN | GVA | - | 2026-12-21 06:00 | - | AIR | - | ET 728",
        ),
    ),
    "there and back on one day is no change of planes": Sample(
        "LX 288 12 Dec 2026 Geneva - Nairobi 06:00 15:00\nLX 289 13 Dec 2026 Nairobi - Geneva 10:00 16:00",
        (
            "- | Nairobi | KE-NBO | 2026-12-12 15:00 | 2026-12-13 10:00 | AIR | - | LX 288",
            "RETURN | Geneva | CH-GVA | 2026-12-13 16:00 | - | AIR | - | LX 289",
        ),
    ),
    "a stay of more than a day is no change of planes": Sample(
        "ET 729 12 Dec 2026 GVA - ADD 06:00 15:00\nET 300 13 Dec 2026 ADD - NBO 15:30 17:30",
        (
            "- | ADD | - | 2026-12-12 15:00 | 2026-12-13 15:30 | AIR | - | ET 729",
            "- | NBO | - | 2026-12-13 17:30 | - | AIR | - | ET 300",
        ),
    ),
    "a leg whose times stand below": Sample(
        """LX 288 Geneva (GVA) - Nairobi (NBO)
Departs: Sat 12 Dec 2026 09:20
Arrives: Sat 12 Dec 2026 19:30""",
        (TO_NAIROBI[0].replace("| Nairobi |", "| Nairobi (NBO) |"),),
    ),
    "months first, where only one reading is a date": Sample(
        "LX 288 Geneva - Nairobi 12/31/2026 09:20 19:30", ("- | Nairobi | KE-NBO | 2026-12-31 19:30 | - | AIR | - | LX 288",)
    ),
    "the same day both ways": Sample("LX 288 Geneva - Nairobi 12/12/2026 09:20 19:30", TO_NAIROBI),
    "a date that can mean two days": Sample(
        "LX 288 Geneva - Nairobi 03/04/2027 09:20 19:30",
        ("- | Nairobi | KE-NBO | - | - | AIR | - | LX 288",),
        ("Line 1: “03/04/2027” can mean two days.",),
    ),
    "a date that can mean two days, once the person said how": Sample(
        "LX 288 Geneva - Nairobi 03/04/2027 09:20 19:30",
        ("- | Nairobi | KE-NBO | 2027-04-03 19:30 | - | AIR | - | LX 288",),
        order="day_first",
    ),
    "a date that its weekday makes certain": Sample(
        "LX 288 Geneva - Nairobi Sat 03/04/2027 09:20 19:30",
        ("- | Nairobi | KE-NBO | 2027-04-03 19:30 | - | AIR | - | LX 288",),
    ),
    "a weekday that does not fit": Sample(
        "LX 288 Sat 13 Dec 2026 Geneva - Nairobi 09:20 19:30",
        ("- | Nairobi | KE-NBO | - | - | AIR | - | LX 288",),
        ("Line 1: the day of the week does not fit",),
    ),
    "a date without a year": Sample(
        "LX 288 12 Dec Geneva - Nairobi 09:20 19:30",
        ("- | Nairobi | KE-NBO | - | - | AIR | - | LX 288",),
        ("Line 1: the year of “12 Dec” is not certain",),
    ),
    "a date without a year, but with its weekday": Sample("LX 288 Sat 12 Dec Geneva - Nairobi 09:20 19:30", TO_NAIROBI),
    "a day that there is not": Sample(
        "31 Feb 2027\nLX 288 Geneva - Nairobi 09:20 19:30",
        ("- | Nairobi | KE-NBO | - | - | AIR | - | LX 288",),
        ("Line 1: there is no such day",),
    ),
    "an arrival before the departure, without a word on the next day": Sample(
        "LX 289 20 Dec 2026 Nairobi - Geneva 23:40 06:15",
        ("- | Geneva | CH-GVA | - | - | AIR | - | LX 289",),
        ("Line 1: the text does not say on which day you arrive in Geneva.",),
    ),
    "times that cannot be, by the clocks of both places": Sample(
        "LX 1 12 Dec 2026 Geneva - Tesh 09:20 11:00",
        ("- | Tesh | XC-CAP | - | - | AIR | - | LX 1",),
        ("Line 1: the times of this leg do not fit together.",),
    ),
    "a way that is missing": Sample(
        "LX 288 12 Dec 2026 Geneva - Nairobi 09:20 19:30\nKQ 5 14 Dec 2026 Mombasa - Geneva 08:00 15:00",
        (
            "- | Nairobi | KE-NBO | 2026-12-12 19:30 | - | AIR | - | LX 288",
            "- | Mombasa | - | - | 2026-12-14 08:00 | - | - | -",
            "RETURN | Geneva | CH-GVA | 2026-12-14 15:00 | - | AIR | - | KQ 5",
        ),
        ("Line 2: you arrive in Nairobi, and go on from Mombasa.",),
    ),
    "a leg that may hide in a line that is not understood": Sample(
        """LX 288 12 Dec 2026 Geneva - Nairobi 09:20 19:30
By jeep with the team from Nairobi to the camp on 14 Dec 2026, back on the 17th
LX 289 20 Dec 2026 Nairobi - Geneva 08:00 15:15""",
        (
            "- | Nairobi | KE-NBO | 2026-12-12 19:30 | - | AIR | - | LX 288",
            "RETURN | Geneva | CH-GVA | 2026-12-20 15:15 | - | AIR | - | LX 289",
        ),
        ("Line 2 was not understood",),
    ),
    "hotels and dinners are no stops": Sample(
        """Hotel Nairobi Serena, check-in 12 Dec 2026 15:00
12 Dec 2026 20:00 Dinner in Nairobi""",
        (),
        ("Line 1 was not understood", "Line 2 was not understood"),
    ),
    "the day of a booking is not the day of a flight": Sample(
        """Booked on 3 Nov 2026
LX 288 Geneva - Nairobi 09:20 19:30""",
        ("- | Nairobi | KE-NBO | - | - | AIR | - | LX 288",),
        ("Line 1 was not understood",),
    ),
    "a town that only sounds like one of the register": Sample(
        "Train IC 512, 12 Dec 2026\nDeparture: Geneva 9:20\nArrival: St. Gallen 13:30",
        ("- | St. Gallen | - | 2026-12-12 13:30 | - | RAIL | - | IC 512",),
    ),
    "a number that is of a train or of an airline": Sample(
        "IC 512 12 Dec 2026 Geneva - Nairobi 09:20 19:30",
        ("- | Nairobi | KE-NBO | 2026-12-12 19:30 | - | - | - | IC 512",),
    ),
    "an operator of the register": Sample(
        "ME 214 12 Dec 2026 Geneva - Tesh 09:20 21:00\nOperated by: Meridian Air",
        ("- | Tesh | XC-CAP | 2026-12-12 21:00 | - | AIR | MERIDIAN | ME 214",),
    ),
    "an operator behind which somebody else flies": Sample(
        "Meridian Air | ME 214 | 12 Dec 2026 | Geneva | Tesh | 09:20 | 21:00\nOperated by: Nobody Knows Air",
        ("- | Tesh | XC-CAP | 2026-12-12 21:00 | - | AIR | - | ME 214",),
    ),
    "a UN flight": Sample(
        "UN flight UN 12, 12 Dec 2026, Nairobi - Tesh, 09:20 17:30",
        ("- | Tesh | XC-CAP | 2026-12-12 17:30 | - | UN_FLIGHT | - | UN 12",),
    ),
    "moments with their distance from UTC": Sample(
        "From: Geneva, 2026-12-12T09:20+01:00\nTo: Nairobi, 2026-12-12T16:30Z",
        ("- | Nairobi | KE-NBO | 2026-12-12 19:30 | - | - | - | -",),
    ),
    "UTC where the area is not known": Sample(
        "LX 288 Geneva - ADD 12 Dec 2026 09:20 15:30 UTC",
        ("- | ADD | - | - | - | AIR | - | LX 288",),
        ("Line 1: the time of ADD is not given in local time",),
    ),
    "a bus that would arrive before it leaves": Sample(
        "Bus, 12 Dec 2026, Geneva - Nairobi, 09:20 11:00",
        ("- | Nairobi | KE-NBO | - | - | ROAD | - | -",),
        ("Line 1: the times of this leg do not fit",),
    ),
    "numbers in lines of their own, of which one is missing": Sample(
        """12 Dec 2026
09:20 Geneva
19:30 Nairobi

Flight LX 289
20 Dec 2026
08:00 Nairobi
15:15 Geneva""",
        (
            "- | Nairobi | KE-NBO | 2026-12-12 19:30 | 2026-12-20 08:00 | - | - | -",
            "RETURN | Geneva | CH-GVA | 2026-12-20 15:15 | - | - | - | -",
        ),
    ),
    "the name of a clock is no airport": Sample("GVA 12 Dec 2026 09:20 CET", (), ("Line 1 was not understood",)),
    "a way over another place": Sample(
        "LX 288 12 Dec 2026 Geneva - Nairobi via Addis Ababa 09:20 19:30", (), ("Line 1 was not understood",)
    ),
    "two days in one": Sample("LX 288 12-13 Dec 2026 Geneva - Nairobi 09:20 19:30", (), ("Line 1 was not understood",)),
    "only one end": Sample("Arrival: Nairobi, 12 Dec 2026 19:30", (), ("Line 1: only one end of this leg was found.",)),
    "a greeting": Sample("Dear colleague,\nhave a good trip.\n", ()),
}
