"""Makes the app for the server: `granian --interface wsgi wsgi:app`."""

from webapp.app import create_app
from webapp.foundation.parent import end_with_server

end_with_server()
app = create_app()
