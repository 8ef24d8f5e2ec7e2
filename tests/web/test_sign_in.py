"""Signing in: who gets in, for how long, and how often somebody may guess."""

from __future__ import annotations

from tests.web.site import Site


def test_the_right_password_signs_in_and_leads_to_the_persons_own_page(site: Site) -> None:
    browser = site.browser()
    answer = browser.sign_in("officer")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Sign out" in browser.get("/help").text
    assert site.audit() == [("access", "sign in", "officer", "done")]
