// Every page works without this. It brings the design system's behaviours to the page, and to what htmx puts on it.

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}

const address = document.querySelector('meta[name="govuk-frontend"]')?.content;

if (address) {
  const { initAll } = await import(address);
  initAll();
  document.body.addEventListener("htmx:afterSwap", (event) => initAll({ scope: event.detail.target }));
}
