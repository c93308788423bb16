from kmn_ld import formats


def test_names_are_unique_and_known():
    assert len(formats.BY_NAME) == len(formats.FORMATS)
    groups = (*formats.DOCUMENT, *formats.SOLUTIONS, *formats.GRAPHS, *formats.DUMPS)
    assert set(groups) <= set(formats.BY_NAME)


def test_no_media_type_names_two_formats_of_one_kind():
    pairs = [(entry.kind, media) for entry in formats.FORMATS for media in entry.media_types]
    assert len(pairs) == len(set(pairs))


def test_text_formats_state_their_charset():
    assert formats.BY_NAME["ttl"].content_type == "text/turtle; charset=utf-8"
    assert formats.BY_NAME["json"].content_type == "application/sparql-results+json"
