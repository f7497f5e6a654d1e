// Shows what a filter takes while it is typed. Without this, Enter does the same.
const field = document.getElementById("q");
let waiting, asking = new AbortController();

async function show() {
  asking.abort();
  asking = new AbortController();
  const address = "search?" + new URLSearchParams({ q: field.value });
  try {
    const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // What is said is heard by screen readers, as its place stays; what is found is there to be walked through.
    const said = page.getElementById("said") ?? page.querySelector("main");
    document.getElementById("said").replaceChildren(...said.children);
    const found = page.getElementById("found");
    if (found) {
      document.getElementById("found").replaceWith(found);
      document.title = page.title;
      history.replaceState(null, "", address);
    }
  } catch {
    // Away or overtaken: what stands there stays until the next key.
  }
}

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 300);
});
