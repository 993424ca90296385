// Everything staff pages run: htmx with its polling tags, then our own behaviour.
import "htmx.org/dist/htmx.esm.js";
import "htmx.org/dist/ext/hx-ptag.js";
import "./app.js";
import "./forms.js";
import "./keys.js";
import "./live.js";
