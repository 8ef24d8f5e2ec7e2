"""The progress bar is for people at a terminal."""

from io import StringIO

from rich.console import Console

from victimcare.exchange.progress import no_progress, progress_bar


def test_on_a_terminal_it_says_how_far_it_has_come() -> None:
    terminal = Console(file=StringIO(), force_terminal=True, width=100)
    with progress_bar("Importing", console=terminal) as progress:
        progress(3, 7)
    assert isinstance(terminal.file, StringIO)
    assert "Importing" in terminal.file.getvalue()
    assert "3/7" in terminal.file.getvalue()


def test_into_a_file_it_says_nothing() -> None:
    output = Console(file=StringIO(), force_terminal=False)
    with progress_bar("Importing", console=output) as progress:
        assert progress is no_progress
        progress(3, 7)
    assert isinstance(output.file, StringIO)
    assert output.file.getvalue() == ""
