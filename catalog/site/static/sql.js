/* The SQL box: what Datasette writes into its pages, as a file. */
window.addEventListener("load", function () {
  "use strict";
  var button = document.querySelector("button#sql-format");
  var shown = document.querySelector("pre#sql-query");
  var box = document.querySelector("textarea#sql-editor");
  var editor = null;
  if (box && window.CodeMirror) {
    editor = CodeMirror.fromTextArea(box, {
      lineNumbers: true, mode: "text/x-sql", lineWrapping: true,
      screenReaderLabel: "SQL, read only",
    });
    editor.setOption("extraKeys", {
      "Shift-Enter": function () { editor.save(); document.querySelector("form.sql").submit(); },
      Tab: false,
    });
    if (window.cmResize) { cmResize(editor, { resizableWidth: false }); }
  }
  if (!button || !window.sqlFormatter) { return; }
  if (editor) {
    button.hidden = false;
    button.addEventListener("click", function () {
      editor.setValue(sqlFormatter.format(editor.getValue()));
    });
  } else if (shown) {
    var formatted = sqlFormatter.format(shown.textContent);
    if (formatted !== shown.textContent) {
      button.hidden = false;
      button.addEventListener("click", function () { shown.textContent = formatted; });
    }
  }
});
