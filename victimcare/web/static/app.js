// Every page works without this. It brings the design system's behaviours to the page, and to what htmx puts on it.

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}

// A part that htmx put anew: what is in it is said aloud, and whoever was on something that is gone is at its beginning.
document.body.addEventListener("htmx:afterSettle", () => {
  const part = document.querySelector("[hx-target][tabindex='-1']");
  const announced = document.getElementById("announced");
  const shows = part?.querySelector("[data-shows]");
  if (announced && shows) {
    announced.textContent = shows.textContent;
  }
  if (document.activeElement === document.body) {
    part?.focus({ preventScroll: true });
  }
});

const address = document.querySelector('meta[name="govuk-frontend"]')?.content;

if (address) {
  const { initAll } = await import(address);
  initAll();
  document.body.addEventListener("htmx:afterSwap", (event) => initAll({ scope: event.detail.target }));
}
