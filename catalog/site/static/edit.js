// The edit mode: marks in place, a check and a cross on every number, undo, keys in the queue.
(() => {
  "use strict";
  const meta = document.querySelector('meta[name="catalog-edit"]');
  const toast = document.querySelector(".toast"), dialog = document.getElementById("edit-number");
  let waiting = false, lastUndo = [], editing = null, opener = null;

  const say = (text, told = {}) => {
    toast.firstElementChild.textContent = text;
    toast.querySelector("[value=undo]").hidden = !told.undo;
    const alike = toast.querySelector("[value=alike]");
    alike.hidden = !told.alike;
    alike.textContent = told.offer ?? "";
    alike.dataset.correction = told.alike ?? "";
    toast.hidden = false;
    if (told.undo) lastUndo.push(told.undo);
  };

  const pause = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

  // Sends a change; while another command holds the lock it waits, and says so.
  const send = async (change) => {
    if (waiting) return null;
    waiting = true;
    try {
      for (;;) {
        let response;
        try {
          response = await fetch(meta.dataset.address, {
            method: "POST",
            headers: { "Content-Type": "application/json", "X-Catalog-Token": meta.content },
            body: JSON.stringify(change),
          });
        } catch {
          say("The server does not answer; the change waits.");
          await pause(2);
          continue;
        }
        const told = await response.json();
        if (response.status === 423) {
          say(`Waiting: ${told.why}.`);
          await pause(told.retry);
          continue;
        }
        if (response.status === 401) location.assign(meta.dataset.login);
        if (!response.ok) throw new Error([told.why, told.hint].filter(Boolean).join("; "));
        return told;
      }
    } finally {
      waiting = false;
    }
  };
  addEventListener("beforeunload", (event) => { if (waiting) event.preventDefault(); });

  // Loads the page again and puts its content in place of the old one.
  const refresh = async (address = location.href) => {
    const text = await (await fetch(address, { cache: "no-store" })).text();
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const token = fresh.querySelector('meta[name="catalog-edit"]');
    if (!token) return location.reload();
    meta.content = token.content;
    document.getElementById("content").replaceChildren(...fresh.getElementById("content").childNodes);
    dress(document);
  };

  const change = async (asked, focus) => {
    try {
      const told = await send(asked);
      if (!told) return false;
      say(told.said, told);
      await refresh();
      if (focus) document.querySelector(focus)?.focus();
      return true;
    } catch (error) {
      say(error.message);
      return false;
    }
  };

  const undo = async () => {
    if (!lastUndo.length) return say("There is nothing to undo.");
    const [correction, ...corrections] = lastUndo.at(-1);
    if (await change({ action: "undo", correction, corrections })) lastUndo.pop();
  };

  const edit = async (number, from) => {
    try {
      const told = await send({ action: "look", result: number });
      if (!told) return;
      editing = { number, fields: told.fields };
      opener = from;
      dialog.querySelector("[data-text]").textContent = told.text;
      dialog.querySelector("[data-sentence]").textContent = told.sentence ?? "";
      dialog.querySelector(".problem").hidden = true;
      for (const field of dialog.querySelectorAll("[name]")) field.value = told.fields[field.name] ?? "";
      dialog.showModal();
      dialog.querySelector("[name=metric]").select();
    } catch (error) {
      say(error.message);
    }
  };

  const save = async (event) => {
    event.preventDefault();
    const fields = {};
    for (const field of dialog.querySelectorAll("[name]")) {
      if (field.value !== String(editing.fields[field.name] ?? "")) fields[field.name] = field.value;
    }
    if (!Object.keys(fields).length) return dialog.close();
    try {
      const told = await send({ action: "edit", result: editing.number, fields });
      if (!told) return;
      dialog.close();
      say(told.said, told);
      await refresh();
      document.querySelector(`[data-number="${editing.number}"] [data-do=edit]`)?.focus();
    } catch (error) {
      const problem = dialog.querySelector(".problem");
      problem.textContent = error.message;
      problem.hidden = false;
    }
  };

  const skip = async (number) => {
    const address = new URL(location.href), given = address.searchParams.get("skip");
    address.searchParams.set("skip", given ? `${given},${number}` : number);
    history.replaceState(null, "", address);
    await refresh();
  };

  const act = (what, number, from) => {
    if (what === "undo") return undo();
    if (what === "skip") return skip(number);
    if (what === "edit") return edit(number, from);
    return change({ action: what, result: number }, `[data-number="${number}"] [data-do="${what}"]`);
  };

  const button = (what, sign, label) => {
    const made = document.createElement("button");
    made.type = "button";
    made.dataset.do = what;
    made.textContent = sign;
    made.title = label;
    made.setAttribute("aria-label", label);
    return made;
  };

  // Puts the buttons beside every number of a part, and shows what needs this script.
  const dress = (part) => {
    for (const row of part.querySelectorAll("[data-number]:not([data-judging], .judge)")) {
      const place = document.createElement("span");
      place.className = "judge";
      place.dataset.number = row.dataset.number;
      const text = row.querySelector(".amount, b")?.textContent ?? "this number";
      place.append(
        button("accept", "✓", `${text} is right`),
        button("reject", "✗", `${text} is wrong`),
        button("edit", "✎", `Edit ${text}`),
      );
      if (row.matches("a")) row.after(place);
      else (row.querySelector(".amount")?.parentElement ?? row).append(place);
    }
    for (const hidden of part.querySelectorAll(".keys[hidden], .mark-form[hidden]")) hidden.hidden = false;
  };

  const mark = (form, asked, focus) => change({ action: "mark", paper: form.dataset.paper, ...asked }, focus);

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    const row = pressed.closest("[data-number]"), form = pressed.closest(".mark-form");
    if (pressed.dataset.do && row) act(pressed.dataset.do, Number(row.dataset.number), pressed);
    else if (pressed.value === "undo") undo();
    else if (pressed.value === "alike") change({ action: "alike", correction: Number(pressed.dataset.correction) });
    else if (pressed.value === "cancel") dialog.close();
    else if (form && ["star", "read"].includes(pressed.name)) {
      mark(form, { [pressed.name]: pressed.getAttribute("aria-pressed") !== "true" }, `.mark-form [name=${pressed.name}]`);
    } else if (form && pressed.name === "untag") mark(form, { untags: [pressed.value] }, ".mark-form [name=tag]");
  });
  document.addEventListener("submit", (event) => {
    if (event.target.closest(".edit-dialog")) return save(event);
    const form = event.target.closest(".mark-form");
    if (!form) return;
    event.preventDefault();
    const tag = form.elements.tag.value.trim();
    if (tag) mark(form, { tags: [tag] }, ".mark-form [name=tag]");
    else mark(form, { note: form.elements.note.value }, ".mark-form [name=note]");
  });
  dialog.addEventListener("close", () => opener?.isConnected && opener.focus());
  document.addEventListener("keydown", (event) => {
    const judging = document.querySelector("[data-judging]");
    if (dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select")) return;
    const key = event.key.toLowerCase();
    const pressed = document.querySelector(`.keys [data-key="${CSS.escape(key)}"]`);
    if (pressed && judging) {
      event.preventDefault();
      act(pressed.dataset.do, Number(judging.dataset.number), pressed);
    } else if (key === "u" && location.pathname.endsWith("/review")) undo();
  });
  document.addEventListener("replaced", (event) => dress(event.target));
  dress(document);
})();
