// Drives the explorer. It knows no rule of the lifecycle: it shows what the page holds of each state, and goes where it says.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { byId, make, mapOf } = shared;

  let name = data.first;
  let model = data.profiles[name];
  let path = []; // the choices taken, each with the state that it was taken in
  let goal = "";
  const maps = new Map();

  const here = () => (path.length ? path.at(-1).choice.target : 0);

  // -- the address: #profile/event/event~2 -----------------------------------------------------------------------

  const address = () => `#${[name, ...path.map((step) => step.choice.name)].join("/")}`;

  function step(from, choice) {
    return { from, choice };
  }

  /** Take the path of the address, as far as it can be taken. */
  function follow() {
    let parts;
    try {
      parts = decodeURIComponent(location.hash.slice(1)).split("/").filter(Boolean);
    } catch {
      parts = [];
    }
    const [wanted, ...events] = parts;
    const known = wanted === undefined || Object.hasOwn(data.profiles, wanted);
    use(known && wanted !== undefined ? wanted : data.first);
    path = [];
    let trouble = known ? "" : `There is no profile ${wanted}.`;
    for (const event of known ? events : []) {
      const choice = model.states[here()].choices.find((one) => one.name === event);
      if (!choice) {
        trouble = `Step ${path.length + 1}, ${event}, is not possible there: the address was followed until it.`;
        break;
      }
      path.push(step(here(), choice));
    }
    byId("trouble").hidden = !trouble;
    byId("trouble").textContent = trouble;
    show();
  }

  function use(profile) {
    name = profile;
    model = data.profiles[name];
    byId("profile").value = name;
    for (const one of document.querySelectorAll("#view [data-profile]")) one.hidden = one.dataset.profile !== name;
    if (!maps.has(name)) {
      const svg = document.querySelector(`#view [data-profile="${name}"] svg`);
      maps.set(name, mapOf(look, svg));
    }
    maps.get(name).bind();
    const options = model.goals.map((one) => {
      const option = make("option", "", one.title);
      option.value = one.name;
      return option;
    });
    byId("goal").replaceChildren(byId("goal").options[0], ...options);
    if (!model.goals.some((one) => one.name === goal)) goal = "";
    byId("goal").value = goal;
  }

  /** Go somewhere: the address tells, so that the browser's own button goes back too. */
  function go(steps) {
    path = steps;
    byId("trouble").hidden = true;
    byId("copied").textContent = "";
    history.pushState(null, "", address());
    show();
    byId("here").focus();
  }

  // -- here ------------------------------------------------------------------------------------------------------

  function requirements(ids) {
    const found = make("ul", "");
    for (const id of ids) {
      const one = data.requirements[id];
      const where = one ? ` ${one.sentence} (${one.section}; ${one.evidence})` : "";
      found.append(make("li", "", make("strong", "", id), where));
    }
    return found;
  }

  function why(ids) {
    const summary = make("summary", "", `requirements: ${ids.join(", ")}`);
    return make("details", "why", summary, requirements(ids));
  }

  function button(text, action) {
    const made = make("button", "", text);
    made.type = "button";
    made.addEventListener("click", action);
    return made;
  }

  const titleOf = (state) => {
    const of = (goalName) => model.goals.find((one) => one.name === goalName).title;
    const drill = state.drill === "no_drill" ? "" : `, ${of(state.drill)}`;
    return of(state.phase) + drill;
  };

  function choice(one) {
    const transition = model.transitions[one.transition];
    const item = make("li", `k-${one.kind}`, button(one.said, () => go([...path, step(here(), one)])));
    item.append(make("span", "", transition.stays ? " changes the state only" : ` → ${titleOf(model.states[one.target])}`));
    const notes = [one.conditions, one.refusable && `may be refused ${one.refusable}`];
    if (transition.then.length) notes.push(`then ${transition.then.join(", ")}`);
    for (const note of notes.filter(Boolean)) item.append(make("div", "quiet", note));
    item.append(why(transition.requirements));
    return item;
  }

  const filled = (items, empty) => (items.length ? items : [make("li", "quiet", empty)]);

  function show() {
    const state = model.states[here()];
    const before = path.length ? model.states[path.at(-1).from] : state;
    byId("here").textContent = titleOf(state);
    byId("facts").textContent = model.facts[state.phase].join("; ");
    const operations = state.choices.filter((one) => one.kind === "operation");
    const happenings = state.choices.filter((one) => one.kind !== "operation");
    byId("operations").replaceChildren(...filled(operations.map(choice), "nothing: every operation is refused"));
    byId("happenings").replaceChildren(...filled(happenings.map(choice), "nothing, until somebody asks"));
    byId("state").replaceChildren(
      ...data.variables.map((variable, place) => {
        const [was, is] = [before.values[place], state.values[place]];
        const head = make("td", "", variable.title);
        head.title = variable.meaning;
        return make("tr", was === is ? "" : "changed", head, make("td", "", was), make("td", "", is));
      }),
    );
    const steps = path.map((one, place) => make("li", "", button(one.choice.said, () => go(path.slice(0, place + 1)))));
    byId("path").replaceChildren(...filled(steps, "the beginning"));
    byId("back").disabled = byId("start").disabled = path.length === 0;
    byId("guard-rows").replaceChildren(...state.guards.map(guard));
    byId("refusals").replaceChildren(
      ...state.refusals.map((one) => {
        const item = make("li", "", make("strong", "", one.said), one.conditions ? ` ${one.conditions}` : "");
        item.append(why(one.requirements));
        return item;
      }),
    );
    light();
    showWay();
    look();
  }

  const TRUTH = new Map([
    [true, ["✓ true", "yes"]],
    [false, ["✗ false", "no"]],
    [null, ["? depends", "open"]],
  ]);

  function truth(value) {
    const [text, className] = TRUTH.get(value);
    return make("span", `chip t-${className}`, text);
  }

  function guard(one) {
    const transition = model.transitions[one.transition];
    const parts = make("ul", "", ...one.parts.map(([text, value]) => make("li", "", truth(value), ` ${text}`)));
    const to = transition.stays ? "" : ` → ${transition.target}`;
    const cells = [`${transition.event}${to}`, truth(one.holds), one.parts.length ? parts : "always"];
    return make("tr", "", ...cells.map((cell) => make("td", "", cell)));
  }

  // -- the way from here to there --------------------------------------------------------------------------------

  /** The choices of the best way; null where there is none. */
  function way() {
    const steps = model.ways[goal];
    const found = [];
    let at = here();
    while (steps[at] !== null) {
      const next = model.states[at].choices[steps[at]];
      found.push(step(at, next));
      at = next.target;
    }
    const state = model.states[at];
    return state.phase === goal || state.drill === goal ? found : null;
  }

  const counted = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;

  function showWay() {
    const found = goal ? way() : [];
    const operations = (found ?? []).filter((one) => one.choice.kind === "operation").length;
    let said = "";
    if (goal && found === null) said = "There is no way from here.";
    else if (goal && !found.length) said = "You are there.";
    else if (goal) said = `${counted(operations, "operation")}, ${counted(found.length, "step")}:`;
    byId("found").textContent = said;
    byId("go").disabled = !found?.length;
    byId("steps").replaceChildren(
      ...(found ?? []).map(({ choice: one }) => {
        const text = one.kind === "operation" ? make("strong", "", one.said) : make("span", "", `wait: ${one.said}`);
        const notes = one.trouble && one.conditions ? make("span", "quiet", ` ${one.conditions}`) : "";
        return make("li", "", text, notes);
      }),
    );
  }

  // -- the graph -------------------------------------------------------------------------------------------------

  function light() {
    const { map, nodes, arrows } = maps.get(name);
    if (!map) return;
    for (const old of map.querySelectorAll(".lit, .here")) old.classList.remove("lit", "here");
    const mark = (state) => [state.phase, state.drill].forEach((one) => nodes.get(one)?.classList.add("lit"));
    mark(model.states[0]);
    for (const { from, choice: one } of path) {
      const [before, after] = [model.states[from], model.states[one.target]];
      mark(after);
      for (const region of ["phase", "drill"]) {
        for (const [arrow, group] of arrows) {
          const begins = before[region] !== after[region] && arrow.startsWith(`${before[region]}--${after[region]}--`);
          if (begins) group.classList.add("lit");
        }
      }
    }
    const state = model.states[here()];
    for (const one of [state.phase, state.drill]) nodes.get(one)?.classList.add("here");
  }

  /** What the panel beside the graph tells of what was chosen in it; a phase becomes the goal. */
  function look(group) {
    if (!byId("panel")) return;
    const told = [make("p", "", "Choose a phase: the way there is shown here.")];
    if (group?.dataset.phase) {
      goal = group.dataset.phase;
      byId("goal").value = goal;
      showWay();
    }
    const title = group?.dataset.arrow ? group.getAttribute("aria-label") : "";
    if (title) told.splice(0, 1, make("h3", "", title));
    else if (goal) {
      const one = model.goals.find((known) => known.name === goal);
      const steps = byId("steps").cloneNode(true);
      steps.removeAttribute("id");
      told.splice(0, 1, make("h3", "", one.title), make("p", "", model.facts[goal].join("; ")));
      told.push(make("p", "", byId("found").textContent), steps);
    }
    byId("panel").replaceChildren(...told);
  }

  // -- what is pressed -------------------------------------------------------------------------------------------

  byId("profile").addEventListener("change", (event) => {
    use(event.target.value);
    go([]);
  });
  byId("back").addEventListener("click", () => go(path.slice(0, -1)));
  byId("start").addEventListener("click", () => go([]));
  byId("goal").addEventListener("change", (event) => {
    goal = event.target.value;
    showWay();
    look();
  });
  byId("go").addEventListener("click", () => go([...path, ...way()]));
  byId("copy").addEventListener("click", async () => {
    history.replaceState(null, "", address());
    try {
      await navigator.clipboard.writeText(location.href);
      byId("copied").textContent = "copied";
    } catch {
      byId("copied").textContent = location.href;
    }
  });
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    link.addEventListener("click", (event) => {
      event.preventDefault(); // the address stays that of the path
      const part = byId(link.hash.slice(1));
      part.scrollIntoView();
      part.focus({ preventScroll: true });
    });
  }
  window.addEventListener("popstate", follow);
  follow();
})();
