from batch.results.xlsx.spool import Spool


def test_nothing_written_is_nothing_read() -> None:
    spool = Spool()
    assert b"".join(spool.read()) == b""
    spool.close()


def test_what_was_written_is_read_in_order() -> None:
    spool = Spool()
    pieces = [f"<piece number={number}/>é" for number in range(5_001)]
    for piece in pieces:
        spool.write(piece)
    assert b"".join(spool.read()).decode() == "".join(pieces)
    spool.close()
