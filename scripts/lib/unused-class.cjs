// Stands in the plugin's bundle for packages whose class axios names and never makes here.
module.exports = class Unused {};
