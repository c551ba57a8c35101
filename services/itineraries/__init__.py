"""Itineraries as airlines and travel agents write them, read into stops. Nothing is kept, and nothing is guessed."""

from __future__ import annotations

from services.itineraries.parts import DAY_FIRST, MONTH_FIRST, ORDERS
from services.itineraries.places import Names
from services.itineraries.reading import MOST_CHARACTERS, MOST_LINES, ItineraryTooLong, Reading, read_itinerary
from services.itineraries.stops import MOST_STOPS, ProposedStop

__all__ = [
    "DAY_FIRST",
    "MONTH_FIRST",
    "MOST_CHARACTERS",
    "MOST_LINES",
    "MOST_STOPS",
    "ORDERS",
    "ItineraryTooLong",
    "Names",
    "ProposedStop",
    "Reading",
    "read_itinerary",
]
