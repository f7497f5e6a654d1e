// Shows what a filter takes while it is typed. Without this, Enter does the same.
const field = document.getElementById("q");
let waiting, asking = new AbortController();

async function show() {
  asking.abort();
  asking = new AbortController();
  const address = "search?" + new URLSearchParams({ q: field.value });
  try {
    const answer = await fetch(address, { signal: asking.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("found");
    if (found) {
      document.getElementById("found").replaceWith(found);
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
