// Every behaviour of the site. Each is an element of its own; the pages work without any of them.
import "./elements/draft-keeper.js";
import "./elements/local-time.js";
import "./elements/mark-buttons.js";
import "./elements/masthead-keys.js";
import "./elements/password-show.js";
import "./elements/reply-form.js";
import "./elements/text-keys.js";
