/**
 * Merge sort, top-down.
 * @param {number[]} list
 * @returns {number[]} a new sorted array
 */
export function mergeSort(list) {
  if (list.length < 2) return list;
  const middle = Math.floor(list.length / 2);
  return merge(mergeSort(list.slice(0, middle)), mergeSort(list.slice(middle)));
}

function merge(left, right) {
  const result = [];
  while (left.length > 0 && right.length > 0) {
    result.push(left[0] <= right[0] ? left.shift() : right.shift());
  }
  return [...result, ...left, ...right];
}

console.log(mergeSort([5, 3, 8, 1, 9, 2]));
