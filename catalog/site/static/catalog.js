/* The theme, chosen before the first paint; and what small screens and keyboards need. */
(function () {
  "use strict";
  var root = document.documentElement;
  var saved = null;
  try { saved = localStorage.getItem("theme"); } catch (error) { /* storage is off */ }
  if (saved === "light" || saved === "dark") { root.dataset.theme = saved; }

  root.classList.add("scripted");

  function dark() {
    return root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  document.addEventListener("DOMContentLoaded", function () {
    var button = document.querySelector("button.theme");
    if (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        root.dataset.theme = dark() ? "light" : "dark";
        try { localStorage.setItem("theme", root.dataset.theme); } catch (error) { /* off */ }
      });
    }
    var menu = document.querySelector(".menu-button");
    if (menu) {
      menu.hidden = false;
      menu.addEventListener("click", function () {
        menu.setAttribute("aria-expanded", String(menu.getAttribute("aria-expanded") !== "true"));
      });
    }
    var facets = document.querySelector("details.facets");
    if (facets && matchMedia("(max-width: 60rem)").matches) { facets.open = false; }
    // A link to a row inside a folded part opens it.
    var target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") { target.open = true; }
    document.addEventListener("click", function (event) {
      var link = event.target.closest && event.target.closest('a[href="#export"]');
      var part = link && document.getElementById("export");
      if (part) { part.open = true; }
    });
  });

  // Without a mouse, the first tap on a number shows what was read, the second leads to its row.
  var shown = null;
  document.addEventListener("click", function (event) {
    var number = event.target.closest && event.target.closest("a.number");
    if (number && number !== shown && matchMedia("(hover: none)").matches) {
      event.preventDefault();
      number.focus();
    }
    shown = number;
  });

  // "/" leads to the search box, as on many sites.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (/^(input|textarea|select)$/i.test(event.target.tagName) || event.target.isContentEditable) { return; }
    var box = document.querySelector(".big-search input, .top-search input, #_search");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  });
})();
