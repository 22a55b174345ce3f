// A mustache-like template engine: {{name}}, {{#list}}...{{/list}}, {{{raw}}}.
const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (s) => String(s).replace(/[&<>"']/g, (c) => escapes[c]);

function lookup(view, key) {
  return key === '.' ? view : key.split('.').reduce((v, k) => (v == null ? v : v[k]), view);
}

function render(template, view) {
  return template
    .replace(/\{\{#([\w.]+)\}\}([\s\S]*?)\{\{\/\1\}\}/g, (_, key, body) => {
      const value = lookup(view, key);
      if (Array.isArray(value)) return value.map((v) => render(body, v)).join('');
      if (typeof value === 'function') return value.call(view, render(body, view));
      return value ? render(body, view) : '';
    })
    .replace(/\{\{\{([\w.]+)\}\}\}/g, (_, key) => lookup(view, key) ?? '')
    .replace(/\{\{([\w.]+)\}\}/g, (_, key) => escapeHtml(lookup(view, key) ?? ''));
}

const page = `<h1>{{title}}</h1>
<ul>{{#people}}<li>{{name}} ({{langs.first}})</li>{{/people}}</ul>
{{#bold}}careful{{/bold}} {{{html}}} {{comment}}`;

console.log(render(page, {
  title: 'Tom & Jerry',
  people: [{ name: 'Ann', langs: { first: 'js' } }, { name: 'Bob', langs: { first: 'go' } }],
  bold: (text) => `<b>${text}</b>`,
  html: '<hr>',
  comment: '<script>eval("alert(1)")</script>',
}));
