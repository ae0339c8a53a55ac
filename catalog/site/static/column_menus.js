/* Menus of columns by keyboard: Datasette's icons answer to the mouse only. */
window.addEventListener("load", function () {
  "use strict";
  var opener = null;

  function menu() { return document.querySelector(".dropdown-menu"); }

  function isOpen() { return menu() && menu().style.display !== "none"; }

  function entries() {
    return Array.prototype.filter.call(menu().querySelectorAll("a"), function (link) {
      return link.offsetParent !== null;
    });
  }

  function close() {
    document.body.click();
    if (opener) { opener.setAttribute("aria-expanded", "false"); opener.focus(); }
    opener = null;
  }

  document.querySelectorAll(".dropdown-menu-icon").forEach(function (icon) {
    var column = icon.closest("th").textContent.replace(/[▲▼\s]+$/, "").trim();
    icon.setAttribute("tabindex", "0");
    icon.setAttribute("role", "button");
    icon.setAttribute("aria-haspopup", "true");
    icon.setAttribute("aria-expanded", "false");
    icon.setAttribute("aria-label", "Menu of the column " + column);
    icon.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" && event.key !== " " && event.key !== "ArrowDown") { return; }
      event.preventDefault();
      icon.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      if (!isOpen()) { return; }
      opener = icon;
      icon.setAttribute("aria-expanded", "true");
      if (entries()[0]) { entries()[0].focus(); }
    });
  });

  document.addEventListener("keydown", function (event) {
    if (!isOpen() || !menu().contains(document.activeElement)) { return; }
    var links = entries(), place = links.indexOf(document.activeElement);
    if (event.key === "Escape" || event.key === "Tab") { close(); event.preventDefault(); }
    if (event.key === "ArrowDown") { links[(place + 1) % links.length].focus(); event.preventDefault(); }
    if (event.key === "ArrowUp") { links[(place + links.length - 1) % links.length].focus(); event.preventDefault(); }
  });
});
