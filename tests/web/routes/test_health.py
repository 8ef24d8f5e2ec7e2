"""What watches the service is told whether its database answers."""

from tests.web.site import Site


def test_it_is_ok_while_the_database_answers(site: Site) -> None:
    response = site.browser().get("/health")
    assert (response.status_code, response.text) == (200, "ok")


def test_it_is_unavailable_when_the_tables_are_gone(sqlite_site: Site) -> None:
    with sqlite_site.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE setting RENAME TO gone")
    assert sqlite_site.browser().get("/health").status_code == 503
