// Drives the report of a run, and that of recordings. Texts of the record become text nodes only: nothing in them is taken for markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { byId, make, mapOf } = shared;

  // -- the requirements ------------------------------------------------------------------------------------------

  const filters = byId("filters"); // recordings have none
  const rows = [...document.querySelectorAll("details.row")].map((row) => ({
    row,
    text: row.textContent.toLowerCase(),
  }));

  function filter() {
    const wanted = Object.fromEntries(new FormData(filters));
    const text = wanted.text.trim().toLowerCase();
    let matching = 0;
    for (const one of rows) {
      const has = one.row.dataset;
      const fits =
        (!wanted.status || (wanted.status === "open" ? has.open === "1" : has.status === wanted.status)) &&
        (!wanted.section || has.section === wanted.section) &&
        (!wanted.evidence || has.evidence === wanted.evidence) &&
        (!text || one.text.includes(text));
      one.row.hidden = !fits;
      matching += fits;
    }
    byId("matching").textContent = `${matching} of ${rows.length}`;
  }

  filters?.addEventListener("input", filter);
  filters?.addEventListener("submit", (event) => event.preventDefault());

  // -- the graph -------------------------------------------------------------------------------------------------

  const { map, nodes, arrows } = mapOf((group) =>
    choose(group.dataset.phase ? "phase" : "arrow", group.dataset.phase || group.dataset.arrow),
  );

  function transition(one) {
    const item = make("li", "", make("strong", "", one.event), ` → ${one.to}`);
    const never = `never taken${one.why ? ": " + one.why : ""}`;
    if (data.counted) item.append(make("div", "", one.times ? `taken ${one.times} times` : never));
    if (one.when) item.append(make("div", "", `if ${one.when.replace(/^if /, "")}`));
    if (one.refusable) item.append(make("div", "", `may be refused ${one.refusable}`));
    const sources = make("ul", "");
    for (const id of one.requirements) {
      const link = make("a", "", id);
      link.href = `#${id}`;
      const known = data.requirements[id];
      sources.append(make("li", "", link, known ? ` ${known.sentence} (${known.evidence})` : ""));
    }
    item.append(sources);
    return item;
  }

  function list(title, numbers) {
    if (!numbers.length) return "";
    const found = make("ul", "", ...numbers.map((number) => transition(data.transitions[number])));
    return make("div", "", make("h4", "", title), found);
  }

  function choose(kind, name) {
    const told = kind === "phase" ? data.phases[name] : data.arrows[name];
    if (!map || !told) return;
    for (const old of map.querySelectorAll(".chosen")) old.classList.remove("chosen");
    (kind === "phase" ? nodes : arrows).get(name)?.classList.add("chosen");
    const parts = [make("h3", "", told.title)];
    if (kind === "phase") {
      const operations = told.transitions.filter((number) => data.transitions[number].operation);
      const others = told.transitions.filter((number) => !data.transitions[number].operation);
      const entered = data.counted ? [`come to ${told.entered} times`] : [];
      parts.push(make("p", "", [...told.facts, ...entered].join("; ")));
      parts.push(list("What may be asked for", operations), list("What happens by itself", others));
    } else {
      parts.push(list("Transitions", told.transitions));
    }
    byId("panel").replaceChildren(...parts);
  }

  // -- the walks: counterexamples, or the items of recordings ----------------------------------------------------

  const stepper = byId("stepper");
  const examples = new Map(data.walks.map((found) => [found.number, found]));
  let example = null;
  let place = 0;

  function light() {
    if (!map) return;
    for (const old of map.querySelectorAll(".lit, .here")) old.classList.remove("lit", "here");
    let before = example.begins;
    nodes.get(before)?.classList.add("lit");
    for (const step of example.steps.slice(0, place + 1)) {
      const phase = step.agreed ?? step.phase;
      if (!phase || phase === before) continue;
      nodes.get(phase)?.classList.add("lit");
      for (const [name, arrow] of arrows) {
        if (name.startsWith(`${before}--${phase}--`)) arrow.classList.add("lit");
      }
      before = phase;
    }
    nodes.get(before)?.classList.add("here");
  }

  function texts(title, className, found) {
    if (!found.length) return "";
    return make("div", className, make("h4", "", title), make("ul", "", ...found.map((text) => make("li", "", text))));
  }

  function values(step, earlier) {
    if (!Object.keys(step.shown).length) return "";
    const names = Object.keys({ ...earlier, ...step.shown });
    const head = make("tr", "", make("th", "", "seen"), make("th", "", "before"), make("th", "", "now"));
    const lines = names.map((name) => {
      const [was, now] = [earlier[name] ?? "not seen", step.shown[name] ?? "not seen"];
      return make("tr", was === now ? "" : "changed", make("td", "", name), make("td", "", was), make("td", "", now));
    });
    return make("table", "", make("thead", "", head), make("tbody", "", ...lines));
  }

  /** What was last seen before a step. */
  function seenBefore(index) {
    const earlier = example.steps.slice(0, index).findLast((step) => Object.keys(step.shown).length);
    return earlier ? earlier.shown : {};
  }

  function inModel(step) {
    const model = data.phases[step.agreed];
    if (model) {
      const operations = model.transitions.map((n) => data.transitions[n]).filter((one) => one.operation);
      const allowed = [...new Set(operations.map((one) => one.event))].join(", ") || "nothing";
      return make("p", "allowed", `By the model it is in ${model.title}, where may be asked for: ${allowed}.`);
    }
    if (step.possible.length) {
      const titles = step.possible.map((name) => data.phases[name]?.title ?? name);
      return make("p", "allowed", `By the model it may be in ${titles.join(", ")}.`);
    }
    return "";
  }

  function showStep() {
    const step = example.steps[place];
    const last = place === example.steps.length - 1;
    const parts = [make("h3", "", `Step ${place + 1}: ${step.action}`)];
    const shows = step.phase ? ` The item shows ${step.phase}.` : "";
    parts.push(make("p", "", `${step.answer ? step.answer + "." : ""}${shows}`), inModel(step));
    for (const told of step.told) parts.push(texts(told.title, told.kind, told.texts));
    parts.push(values(step, seenBefore(place)));
    byId("step").replaceChildren(...parts);
    byId("place").textContent = `Step ${place + 1} of ${example.steps.length}`;
    byId("back").disabled = place === 0;
    byId("forward").disabled = last;
    [...byId("steps").querySelectorAll("button")].forEach((button, number) => {
      if (number === place) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    });
    light();
  }

  function showExample(number) {
    example = examples.get(number);
    const items = example.steps.map((step, index) => {
      const button = make("button", step.departs ? "departs" : "", `${index + 1}. ${step.action}`);
      button.type = "button";
      const small = [step.answer, step.phase ?? step.agreed, step.departs ? "departs" : ""];
      button.append(make("small", "", small.filter(Boolean).join(" · ")));
      button.addEventListener("click", () => go(number, index));
      return make("li", "", button);
    });
    byId("steps").replaceChildren(...items);
    byId("which").value = String(number);
  }

  /** Where a walk is most telling: where it departs, else at its end. */
  function ending(walk) {
    const departs = walk.steps.findIndex((step) => step.departs);
    return departs < 0 ? walk.steps.length - 1 : departs;
  }

  /** Go to a step; the address then names it, so that it can be shared. */
  function go(number, index) {
    const hash = `#c=${number}&s=${index + 1}`;
    if (location.hash !== hash) history.replaceState(null, "", hash);
    show(number, index);
  }

  function show(number, index) {
    if (!example || example.number !== number) showExample(number);
    place = Math.min(Math.max(index, 0), example.steps.length - 1);
    showStep();
  }

  /** Show what the address names: a step of a counterexample, or a requirement. */
  function follow() {
    const found = /^#c=(\d+)(?:&s=(\d+))?$/.exec(location.hash);
    if (found && examples.has(Number(found[1]))) {
      const number = Number(found[1]);
      show(number, found[2] ? Number(found[2]) - 1 : ending(examples.get(number)));
      stepper.scrollIntoView({ block: "start" });
      return;
    }
    const row = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (row && row.matches("details")) {
      row.hidden = false;
      row.open = true;
      row.scrollIntoView({ block: "nearest" });
    }
  }

  if (stepper && examples.size) {
    stepper.hidden = false;
    byId("which").addEventListener("change", (event) => go(Number(event.target.value), 0));
    byId("back").addEventListener("click", () => place > 0 && go(example.number, place - 1));
    byId("forward").addEventListener("click", () => place < example.steps.length - 1 && go(example.number, place + 1));
    stepper.addEventListener("keydown", (event) => {
      if (event.target.tagName === "SELECT") return;
      if (event.key === "ArrowRight" && place < example.steps.length - 1) go(example.number, place + 1);
      else if (event.key === "ArrowLeft" && place > 0) go(example.number, place - 1);
    });
    const first = data.walks[0];
    show(first.number, ending(first));
  }
  window.addEventListener("hashchange", follow);
  follow();

  // -- print: what failed and what is open is printed in full ------------------------------------------------------

  let opened = [];
  window.addEventListener("beforeprint", () => {
    const wanted = 'details.row[data-status="FAILED"], details.row[data-open="1"], details.whole';
    opened = [...document.querySelectorAll(wanted)].filter((one) => !one.open);
    for (const one of opened) one.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
})();
