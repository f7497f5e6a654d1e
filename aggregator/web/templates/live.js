// Says when there are new stories on this page, and shows them at a click. Without this, a reload does the same.
(() => {
  const us = document.currentScript;
  const page = us.dataset.page;
  let held = us.dataset.version; // the version of what we know
  let stream, waiting, next;

  const look = new CSSStyleSheet();
  look.replaceSync(`
    .news { position: fixed; inset: auto 0 max(1.25rem, env(safe-area-inset-bottom)); z-index: 1;
      display: flex; justify-content: center; pointer-events: none; }
    .news button { pointer-events: auto; font: inherit; font-weight: 600; padding: .5rem 1.25rem; cursor: pointer;
      color: var(--card); background: var(--accent); border: 1px solid var(--card); border-radius: 2rem;
      box-shadow: 0 .125rem .75rem rgb(0 0 0 / 35%); }
    .news button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    .fresh { box-shadow: -.6875rem 0 var(--paper), -.875rem 0 var(--accent); }
    @media print { .news { display: none; } .fresh { box-shadow: none; } }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, look];

  const said = document.createElement("div");
  said.className = "news";
  said.setAttribute("role", "status"); // is there before it has something to say, so that it is read out
  document.body.append(said);

  const main = (tree) => tree.getElementById("main");
  const stories = (tree) => new Map([...main(tree).querySelectorAll(".items > li, .top > li, .latest > :not(.meta)")]
    .map((one) => [name(one), one]));
  // Its own page, which it keeps when its title or its link is mended.
  const name = (one) => (one.querySelector(".judged") ?? one.querySelector("a"))?.href ?? one.textContent;

  function listen() {
    if (document.hidden || stream) return;
    clearTimeout(waiting);
    stream = new EventSource(`${new URL("live", us.src)}?${new URLSearchParams({ page, since: held })}`);
    stream.onmessage = ({ lastEventId }) => {
      if (lastEventId === held) return;
      clearTimeout(waiting);
      waiting = setTimeout(fetchPage, 2000 * Math.random()); // not all who listen at once
    };
    stream.onerror = ({ target }) => target.readyState === EventSource.CLOSED && later(); // else it comes back by itself
  }

  function rest() {
    clearTimeout(waiting);
    stream?.close();
    stream = null;
  }

  function later() {
    rest();
    waiting = setTimeout(listen, 60_000 * (1 + Math.random()));
  }

  async function fetchPage() {
    try {
      const answer = await fetch(location.href, { cache: "no-cache" });
      if (!answer.ok) throw new Error(answer.statusText);
      next = new DOMParser().parseFromString(await answer.text(), "text/html");
      held = next.querySelector("script[data-version]").dataset.version;
      say(fresh());
    } catch {
      later();
    }
  }

  function fresh() {
    const shown = stories(document);
    return [...stories(next)].filter(([address]) => !shown.has(address)).map(([, one]) => one);
  }

  function say({ length }) {
    const words = page ? `${length} new ${length === 1 ? "story" : "stories"} – show` : "New stories – show";
    const there = said.firstElementChild;
    if (!length) return said.replaceChildren();
    if (there) return void (there.textContent = words);
    const button = document.createElement("button");
    button.textContent = words;
    button.addEventListener("click", show);
    said.append(button);
  }

  function show() {
    const come = fresh();
    come.forEach((one) => one.classList.add("fresh"));
    main(document).replaceWith(main(next));
    said.replaceChildren();
    come[0]?.querySelector("a")?.focus({ preventScroll: true }); // who came by the keyboard goes on from there
    come[0]?.scrollIntoView({ block: "center" });
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", listen);
  listen();
})();
