/* A paper's page: numbers of the abstract and their rows light up together; folded rows open. */
(function () {
  "use strict";
  function partner(element) {
    var link = element.closest && element.closest(".abstract a[href^='#'], .strip a[href^='#']");
    if (link) { return document.getElementById(link.hash.slice(1)); }
    var row = element.closest && element.closest("tr[id^='r']");
    return row && document.getElementById("n" + row.id.slice(1));
  }
  function light(is_on) {
    return function (event) {
      var other = partner(event.target);
      if (other) { (other.closest("tr, .number") || other).classList.toggle("lit", is_on); }
    };
  }
  ["pointerover", "focusin"].forEach(function (name) { document.addEventListener(name, light(true)); });
  ["pointerout", "focusout"].forEach(function (name) { document.addEventListener(name, light(false)); });

  function reveal() {
    var target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) { return; }
    var is_folded = false;
    for (var part = target.closest("details"); part; part = part.parentElement.closest("details")) {
      is_folded = is_folded || !part.open;
      part.open = true;
    }
    if (is_folded) { target.scrollIntoView({ block: "center" }); }
  }
  addEventListener("hashchange", reveal);
  reveal();
})();
