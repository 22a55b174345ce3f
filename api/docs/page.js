// Draws /openapi.json. All text goes in as text, never as markup.
"use strict";

function make(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) e.setAttribute(name, value);
  e.append(...children.filter((c) => c !== null && c !== undefined));
  return e;
}

function table(head, rows) {
  return make("div", { class: "scroll" }, make("table", {},
    make("thead", {}, make("tr", {}, ...head.map((h) => make("th", {}, h)))),
    make("tbody", {}, ...rows)));
}

const nameOf = (ref) => ref.split("/").pop();

function link(schema) {
  const name = nameOf(schema.$ref);
  return make("a", { href: "#" + name }, name);
}

function typeOf(schema) {
  if (!schema) return "";
  if (schema.$ref) return link(schema);
  const type = [].concat(schema.type || "any").filter((t) => t !== "null").join(" or ");
  if (type === "array") return make("span", {}, "array of ", typeOf(schema.items));
  if (type === "object" && schema.additionalProperties) return make("span", {}, "object of ", typeOf(schema.additionalProperties));
  return type;
}

function noteOf(schema) {
  const notes = [];
  if (schema.description) notes.push(schema.description);
  if (schema.enum) notes.push("one of " + schema.enum.join(", "));
  if (schema.minimum !== undefined && schema.maximum !== undefined) notes.push(schema.minimum + " to " + schema.maximum);
  if (schema.maxLength !== undefined) notes.push("at most " + schema.maxLength + " characters");
  return notes.join("; ");
}

function fields(schema) {
  const required = schema.required || [];
  return table(["field", "type", "meaning"], Object.entries(schema.properties || {}).map(([name, s]) =>
    make("tr", {},
      make("td", {}, make("code", {}, name), required.includes(name) ? "" : make("span", { class: "soft" }, " ?")),
      make("td", {}, typeOf(s)),
      make("td", {}, noteOf(s)))));
}

function example(schema, schemas) {
  const s = schemas[nameOf(schema.$ref)];
  const body = {};
  for (const [name, p] of Object.entries(s.properties || {})) {
    if (p.examples) body[name] = p.examples[0];
  }
  return JSON.stringify(body);
}

function operation(path, method, op, schemas) {
  const parts = [
    make("h3", { id: op.operationId }, make("span", { class: "method " + method }, method.toUpperCase()), make("code", {}, path)),
    make("p", {}, op.summary + "."),
  ];
  if (op.parameters) {
    parts.push(make("h4", {}, "Parameters"), table(["name", "in", "meaning"], op.parameters.map((p) =>
      make("tr", {}, make("td", {}, make("code", {}, p.name)), make("td", {}, p.in), make("td", {}, p.description || "")))));
  }
  const content = op.requestBody ? op.requestBody.content : {};
  for (const [type, media] of Object.entries(content)) {
    parts.push(make("h4", {}, "Body: " + type), make("p", {}, typeOf(media.schema)));
  }
  const json = content["application/json"];
  if (json && json.schema && json.schema.$ref) {
    const body = example(json.schema, schemas);
    if (body !== "{}") parts.push(make("pre", {}, "curl -sS --json " + quote(body) + " " + location.origin + path));
  }
  parts.push(make("h4", {}, "Answers"), table(["status", "type", "meaning"], Object.entries(op.responses).map(([status, r]) =>
    make("tr", {},
      make("td", {}, make("code", {}, status)),
      make("td", {}, ...Object.entries(r.content || {}).map(([type, media]) =>
        make("div", {}, type === "text/event-stream" ? type : typeOf(media.schema)))),
      make("td", {}, r.description)))));
  return parts;
}

const quote = (text) => "'" + text.replaceAll("'", "'\\''") + "'";

function draw(spec) {
  const main = document.getElementById("main");
  const nav = document.getElementById("nav");
  const schemas = spec.components.schemas;
  const entry = (id, ...text) => nav.append(make("a", { href: "#" + id }, ...text));
  main.append(make("p", {}, spec.info.description),
    make("p", { class: "soft" }, "Version " + spec.info.version + " · ", make("a", { href: "/openapi.json" }, "openapi.json")));

  nav.append(make("h2", {}, "Paths"));
  main.append(make("h2", {}, "Paths"));
  for (const [path, item] of Object.entries(spec.paths)) {
    for (const method of ["get", "post", "delete"]) {
      if (!item[method]) continue;
      entry(item[method].operationId, make("span", { class: "method " + method }, method.toUpperCase()), path);
      main.append(...operation(path, method, item[method], schemas));
    }
  }

  nav.append(make("h2", {}, "Streams"));
  entry("events", "Events");
  main.append(make("h2", { id: "events" }, "Events"),
    make("p", {}, "An event stream has these events. Their data is one line of JSON, their id grows, and Last-Event-ID goes on behind one."),
    table(["event", "data"], Object.entries(spec["x-events"]).map(([name, s]) =>
      make("tr", {}, make("td", {}, make("code", {}, name)), make("td", {}, typeOf(s))))));

  nav.append(make("h2", {}, "Answers"));
  entry("problems", "Problems");
  main.append(make("h2", { id: "problems" }, "Problems"),
    make("p", {}, "Every refusal and error is a ", make("a", { href: "#Problem" }, "Problem"), " with one of these codes."),
    table(["code", "status", "meaning", "again?"], spec["x-problems"].map((p) =>
      make("tr", { id: p.code },
        make("td", {}, make("code", {}, p.code)), make("td", {}, String(p.status)),
        make("td", {}, p.title), make("td", {}, p.retryable ? "yes, later" : "no")))));

  nav.append(make("h2", {}, "Shapes"));
  main.append(make("h2", {}, "Shapes"), make("p", { class: "soft" }, "A question mark marks what may be missing."));
  for (const [name, schema] of Object.entries(schemas)) {
    entry(name, name);
    main.append(make("h3", { id: name }, name), fields(schema));
  }
  if (location.hash) location.replace(location.hash);
}

fetch("/openapi.json")
  .then((answer) => answer.json())
  .then(draw)
  .catch((e) => document.getElementById("main").append(make("p", {}, "/openapi.json could not be drawn: " + e)));
