/* Links that change a part of the page: the part is fetched and put in place, the address follows.
   Whoever dresses parts of pages listens to "replaced", which a new part sends. */
(function () {
  "use strict";
  var shown = location.pathname + location.search, asked = 0;

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[data-in-place]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) { return; }
    var name = link.hash.slice(1), part = document.getElementById(name);
    if (!part) { return; }
    event.preventDefault();
    var mine = ++asked;
    part.setAttribute("aria-busy", "true");
    fetch(link.href).then(function (answer) { return answer.text(); }).then(function (html) {
      if (mine === asked) { put(html, part, name, link); }
    }).catch(function () { location.assign(link.href); });
  });

  function put(html, part, name, link) {
    var fresh = new DOMParser().parseFromString(html, "text/html").getElementById(name);
    if (!fresh) { location.assign(link.href); return; }
    part.replaceWith(document.adoptNode(fresh));
    history.pushState(null, "", link.href);
    shown = location.pathname + location.search;
    fresh.dispatchEvent(new CustomEvent("replaced", { bubbles: true }));
    var again = Array.from(fresh.querySelectorAll("a[data-in-place]")).find(function (one) {
      return one.textContent.replace("✓ ", "") === link.textContent.replace("✓ ", "");
    });
    if (again) { again.focus({ preventScroll: true }); }
    if (fresh.getBoundingClientRect().top < 0) { fresh.scrollIntoView(); }
  }

  // A step to another place of the same page is a popstate as well.
  addEventListener("popstate", function () {
    if (location.pathname + location.search !== shown) { location.reload(); }
  });
})();
