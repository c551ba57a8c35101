"""What every page has to have, whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import html

LABELLED = "//input[not(@type='hidden') and not(@type='submit')] | //select | //textarea"


def flaws_of(text: str) -> list[str]:
    """List what is wrong with a page; an empty list is a good page."""
    return list(_flaws(html.document_fromstring(text)))


def _flaws(page: html.HtmlElement) -> Iterator[str]:
    title = page.findtext(".//title") or ""
    if not title.replace("– Safeconduct", "").strip():
        yield "it has no title"
    if page.get("lang") not in {"en", "fr", "es", "ru", "zh", "ar"} or page.get("dir") not in {"ltr", "rtl"}:
        yield "it does not say its language and direction"
    headings = page.xpath("//h1")
    if len(headings) != 1 or not headings[0].text_content().strip():
        yield f"it has {len(headings)} headings of the first level"
    if len(page.xpath("//main")) != 1:
        yield "it has no main part"
    yield from _field_flaws(page)
    yield from _reference_flaws(page)
    for element in page.xpath("//script[not(@src)] | //style | //*[@style] | //*[@onclick] | //*[@onchange] | //*[@onsubmit]"):
        yield f"<{element.tag}> has script or style inside the page"
    for form in page.xpath("//form[translate(@method, 'POST', 'post') = 'post']"):
        if not form.xpath(".//input[@name='csrf_token' and string-length(@value) > 20]"):
            yield f"the form for {form.get('action') or 'this page'} carries no token"


def _field_flaws(page: html.HtmlElement) -> Iterator[str]:
    for field in page.xpath(LABELLED):
        name = field.get("id")
        labels = page.xpath("//label[@for=$name]", name=name) if name else []
        if not any(label.text_content().strip() for label in labels) and not (field.get("aria-label") or "").strip():
            yield f"the field {field.get('name')} has no label"
    for button in page.xpath("//button | //a[@href]"):
        if not button.text_content().strip() and not button.get("aria-label"):
            yield f"<{button.tag}> {button.get('href') or button.get('name')} has no words"
    for picture in page.xpath("//img[not(@alt)]"):
        yield f"the picture {picture.get('src', '')[:40]} has no words"


def _reference_flaws(page: html.HtmlElement) -> Iterator[str]:
    ids = page.xpath("//@id")
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"the id {name} stands {ids.count(name)} times"
    for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
        for value in page.xpath(f"//@{attribute}"):
            for name in value.split():
                if name not in ids:
                    yield f"{attribute} names {name}, which is not there"
