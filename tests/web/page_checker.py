"""Whether a page in a real browser can be read by everybody: axe, and nothing to scroll sideways for."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = "/static/the-checker-of-pages.js"
_AXE_FILE = Response(AXE_SCRIPT, media_type="text/javascript", headers={"Cache-Control": "max-age=86400"})
_MEASURED: set[str] = set()
COLOURS = """() => {
  const known = new Map()
  const seen = element => {
    if (!element) return ["the page", 1]
    if (!known.has(element)) {
      const style = getComputedStyle(element), [behind, faint] = seen(element.parentElement)
      const own = style.backgroundImage !== "none" ? style.backgroundImage + location.href : style.backgroundColor
      known.set(element, [own === "rgba(0, 0, 0, 0)" ? behind : own, faint * style.opacity])
    }
    return known.get(element)
  }
  const found = new Set(), words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const elements = new Set(document.querySelectorAll("input, select, textarea"))
  while (words.nextNode()) if (words.currentNode.data.trim()) elements.add(words.currentNode.parentElement)
  const look = element => {
    const style = getComputedStyle(element)
    return [style.color, ...seen(element), style.fontSize, style.fontWeight].join(" ")
  }
  for (const element of elements) found.add(look(element))
  for (const link of document.links) {
    const style = getComputedStyle(link)
    const marked = [style.textDecorationLine, style.textDecorationStyle, style.borderBottom, style.fontFamily]
    found.add(["link", ...marked, look(link), "among", look(link.parentElement)].join(" "))
  }
  return [...found]
}"""
"""What the contrast of words on a page depends on: their colour, what is behind, how faint, how large, how bold. And of
links, what tells them from the words around them."""
LOOK = f"""async ([measured, options]) => {{
  if (!window.axe) await new Promise((onload, onerror) => {{
    const script = Object.assign(document.createElement("script"), {{src: "{AXE}", onload, onerror}})
    document.head.append(script)
    script.remove()
  }})
  const colours = ({COLOURS})()
  const off = {{enabled: false}}
  const known = {{"color-contrast": off, "link-in-text-block": off}}
  const rules = colours.some(one => !measured.includes(one)) ? {{}} : known
  const found = await axe.run(document, {{...options, rules}})
  return [found.violations.map(fault => [fault.id, fault.nodes[0].html]), colours]
}}"""


def with_checker(app: ASGIApp) -> ASGIApp:
    """The site, which also gives axe: a browser keeps what it compiled of a file, and not of what is sent each time."""

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        await (_AXE_FILE if scope.get("path") == AXE else app)(scope, receive, send)

    return site


def violations(page: Page) -> list[list[str]]:
    """The rules that the page of a served site breaks, each with a place. What passed is not asked for: to tell it
    takes time.

    So does measuring contrasts, most of it: that is done where a page has words in colours not measured before.
    """
    options = {"runOnly": WCAG, "resultTypes": ["violations"], "preload": False}
    found: list[list[str]]
    found, colours = page.evaluate(LOOK, [sorted(_MEASURED), options])
    if not found:
        _MEASURED.update(colours)
    return found


def check(page: Page, where: str) -> None:
    assert violations(page) == [], where
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
