/* A tray of papers to compare: what is chosen stays while one goes from search to search. */
(function () {
  "use strict";
  var MOST = 5, NAME = "compare";

  function stored() {
    try { return JSON.parse(sessionStorage.getItem(NAME)) || []; } catch (error) { return []; }
  }

  function store(papers) {
    try { sessionStorage.setItem(NAME, JSON.stringify(papers)); } catch (error) { /* storage is off */ }
  }

  document.addEventListener("DOMContentLoaded", function () {
    var form = document.querySelector("form.choosing");
    if (!form) { return; }
    var papers = stored();
    var tray = document.createElement("div");
    tray.className = "tray";
    tray.setAttribute("role", "region");
    tray.setAttribute("aria-label", "Papers to compare");
    tray.hidden = true;
    document.body.appendChild(tray);
    form.querySelector(".choose-line").hidden = true;

    function boxes() { return Array.prototype.slice.call(form.querySelectorAll("input.choose")); }

    function titleOf(box) { return box.parentNode.querySelector("h3").textContent.trim(); }

    function made(tag, text, click) {
      var element = document.createElement(tag);
      element.textContent = text;
      if (click) { element.type = "button"; element.addEventListener("click", click); }
      return element;
    }

    function show() {
      var keys = papers.map(function (one) { return one.key; });
      boxes().forEach(function (box) {
        box.checked = keys.indexOf(box.value) >= 0;
        box.disabled = !box.checked && keys.length >= MOST;
      });
      var list = document.createElement("ul");
      papers.forEach(function (one) {
        var item = document.createElement("li"), drop = made("button", "×", function () { remove(one.key); });
        item.appendChild(made("span", one.title));
        drop.setAttribute("aria-label", "Leave out " + one.title);
        item.appendChild(drop);
        list.appendChild(item);
      });
      var go = made("a", "Compare " + papers.length);
      go.className = "button";
      go.href = form.action + "?" + keys.map(function (key) { return "paper=" + encodeURIComponent(key); }).join("&");
      tray.replaceChildren(list, go, made("button", "Clear", function () { papers = []; keep(); }));
      tray.hidden = !papers.length;
      document.body.classList.toggle("has-tray", papers.length > 0);
    }

    function keep() { store(papers); show(); }

    function remove(key) {
      papers = papers.filter(function (one) { return one.key !== key; });
      keep();
    }

    form.addEventListener("change", function (event) {
      var box = event.target;
      if (!box.classList.contains("choose")) { return; }
      if (box.checked) { papers.push({ key: box.value, title: titleOf(box) }); keep(); } else { remove(box.value); }
    });
    show();
  });
})();
