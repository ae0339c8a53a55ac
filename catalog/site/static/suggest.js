/* Suggestions under a line to search: a combobox with a list, as the ARIA practices have it. */
(function () {
  "use strict";
  var PAUSE = 120, LEAST = 2, made = 0;
  var KINDS = { paper: "Paper", dataset: "Dataset", leaderboard: "Leaderboard", task: "Task", author: "Author" };

  function equip(input) {
    var list = document.createElement("ul"), timer = 0, asked = "", chosen = -1;
    made += 1;
    list.id = "suggestions-" + made;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    list.hidden = true;
    input.parentNode.appendChild(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    function close() {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(number) {
      var options = list.children;
      if (chosen >= 0 && options[chosen]) { options[chosen].setAttribute("aria-selected", "false"); }
      chosen = number;
      if (chosen < 0) { input.removeAttribute("aria-activedescendant"); return; }
      options[chosen].setAttribute("aria-selected", "true");
      options[chosen].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[chosen].id);
    }

    function show(found) {
      list.replaceChildren.apply(list, found.map(function (one, number) {
        var option = document.createElement("li");
        option.id = list.id + "-" + number;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.href = one.href;
        [["kind", KINDS[one.kind] || one.kind], ["name", one.name], ["detail", one.detail]].forEach(function (part) {
          var span = document.createElement("span");
          span.className = part[0];
          span.textContent = part[1];
          option.appendChild(span);
        });
        return option;
      }));
      list.hidden = !found.length;
      chosen = -1;
      input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-expanded", String(found.length > 0));
    }

    function ask() {
      var typed = input.value.trim();
      asked = typed;
      if (typed.length < LEAST) { close(); return; }
      fetch(input.dataset.suggest + "?q=" + encodeURIComponent(typed))
        .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
        .then(function (told) {
          if (typed === asked && document.activeElement === input) { show(told.suggestions); }
        })
        .catch(close);
    }

    input.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    input.addEventListener("keydown", function (event) {
      var count = list.children.length;
      if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); return; }
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
        event.preventDefault();
        if (list.hidden) { list.hidden = false; input.setAttribute("aria-expanded", "true"); }
        var step = event.key === "ArrowDown" ? 1 : -1;
        choose((chosen + 1 + step + count + 1) % (count + 1) - 1);
      }
      if (event.key === "Enter" && !list.hidden && chosen >= 0) {
        event.preventDefault();
        location.assign(list.children[chosen].dataset.href);
      }
    });
    input.addEventListener("blur", close);
    // The line keeps the focus; only a click chooses, since a finger may scroll the list.
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function (event) {
      var option = event.target.closest("li");
      if (option) { location.assign(option.dataset.href); }
    });
  }

  document.querySelectorAll("input[data-suggest]").forEach(equip);
})();
