/* The SQL box: what Datasette writes into its pages, as a file. */
window.addEventListener("load", function () {
  "use strict";
  var button = document.querySelector("button#sql-format");
  var shown = document.querySelector("pre#sql-query");
  var box = document.querySelector("textarea#sql-editor");
  var editor = null;
  var newer = null;  // that of Datasette 1.0
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
  } else if (box && window.cm) {
    newer = cm.editorFromTextArea(box, { schema: JSON.parse(box.dataset.schema || "{}") });
    newer.contentDOM.setAttribute("aria-label", "SQL, read only");
  }
  if (!button || !window.sqlFormatter) { return; }
  if (editor) {
    button.hidden = false;
    button.addEventListener("click", function () {
      editor.setValue(sqlFormatter.format(editor.getValue()));
    });
  } else if (newer) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var text = newer.state.doc.toString();
      newer.dispatch({ changes: { from: 0, to: text.length, insert: sqlFormatter.format(text) } });
    });
  } else if (shown) {
    var formatted = sqlFormatter.format(shown.textContent);
    if (formatted !== shown.textContent) {
      button.hidden = false;
      button.addEventListener("click", function () { shown.textContent = formatted; });
    }
  }
});
