// Keeps an open page current. Everything can be read without this script.
//
// The server names what changed (server-sent events); the page then fetches itself and replaces the
// parts that differ. The server's markup is the only source of text: nothing is built from strings
// here, so hostile text has one place where it is escaped.
"use strict";

(() => {
  const main = document.querySelector("main[data-live]");
  const lamp = document.querySelector(".live");
  const units = [
    ["year", 31536000],
    ["month", 2592000],
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

  function ago(time) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
    for (const [unit, size] of units) {
      if (Math.abs(seconds) >= size) {
        return relative.format(Math.trunc(seconds / size), unit);
      }
    }
    return "just now";
  }

  function tick() {
    for (const time of document.querySelectorAll("time.ago")) {
      const text = ago(time);
      if (!Number.isNaN(Date.parse(time.dateTime)) && time.textContent !== text) {
        time.textContent = text;
      }
    }
  }

  function say(state, text) {
    if (lamp && lamp.dataset.state !== state) {
      lamp.dataset.state = state;
      lamp.textContent = text;
    }
  }

  // A part as the server wrote it, but for relative times, which change without anything happening.
  function wording(part) {
    const copy = part.cloneNode(true);
    for (const time of copy.querySelectorAll("time.ago")) {
      time.textContent = "";
    }
    return copy.outerHTML;
  }

  // What the reader opened stays open, and the focus stays where it was.
  function keep(from, to) {
    for (const old of from.querySelectorAll("details[id]")) {
      const fresh = to.querySelector("#" + CSS.escape(old.id));
      if (fresh) {
        fresh.open = old.open;
      }
    }
  }

  function replace(part, fresh) {
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    const known = new Set(Array.from(part.querySelectorAll("[id]"), (e) => e.id));
    keep(part, fresh);
    part.replaceWith(fresh);
    for (const element of fresh.querySelectorAll(".deviation[id], .event[id], tr[id]")) {
      if (!known.has(element.id)) {
        element.classList.add("flash");
      }
    }
    if (focused) {
      const again = document.getElementById(focused);
      if (again) {
        again.focus({ preventScroll: true });
      }
    }
  }

  const served = new Map();
  for (const part of document.querySelectorAll("[data-part]")) {
    served.set(part.dataset.part, wording(part));
  }
  let running = false;
  let again = false;

  async function refresh() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) {
        throw new Error("HTTP " + answer.status);
      }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-part]")) {
        const other = fresh.querySelector("[data-part='" + CSS.escape(part.dataset.part) + "']");
        const text = other ? wording(other) : "";
        if (other && text !== served.get(part.dataset.part)) {
          served.set(part.dataset.part, text);
          replace(part, document.adoptNode(other));
        }
      }
      document.title = fresh.title;
      main.dataset.refreshed = String(Date.now());
      tick();
      say("open", "live");
    } catch (failure) {
      say("lost", "not live: " + failure.message);
    } finally {
      running = false;
      if (again) {
        again = false;
        refresh();
      }
    }
  }

  tick();
  setInterval(tick, 15000);
  if (!main) {
    return;
  }
  const events = new EventSource(main.dataset.live);
  events.addEventListener("open", () => {
    // Once more now: something may have changed between the page and this connection.
    say("open", "live");
    refresh();
  });
  events.addEventListener("changed", refresh);
  events.addEventListener("error", () => say("lost", "not live: connecting again"));
  // A page kept for the back button must not hold a connection.
  addEventListener("pagehide", () => events.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      location.reload();
    }
  });
})();
