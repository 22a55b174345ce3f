document.addEventListener('DOMContentLoaded', function () {
  var list = document.getElementById('list');
  var form = document.querySelector('form');
  var total = 0;

  form.addEventListener('submit', function (e) {
    e.preventDefault();
    var text = form.elements['item'].value.trim();
    if (!text) {
      alert('Please write something');
      return;
    }
    var li = document.createElement('li');
    li.textContent = text;
    li.onclick = function () {
      list.removeChild(li);
      total--;
      update();
    };
    list.appendChild(li);
    total++;
    update();
    form.reset();
  });

  function update() {
    document.title = 'Items: ' + total;
    localStorage.setItem('total', String(total));
  }
});
