"""A local HTTP server that behaves as the vendor's API does, with faults on demand; the core never imports it.

`options` says what it should be like, `serving` runs it (`serve` for the command, `Embedded` inside a process) and
`app.create_app` is the bare ASGI application. Importing this package alone costs nothing.
"""
