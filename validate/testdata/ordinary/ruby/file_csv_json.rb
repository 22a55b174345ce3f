require 'csv'
require 'json'
require 'tempfile'
require 'fileutils'
require 'yaml'

ROWS = [
  { name: 'fork', price: 2.5, stock: 10 },
  { name: 'shell, large', price: 12.0, stock: 0 },
  { name: 'pipe "copper"', price: 7.25, stock: 3 }
].freeze

Tempfile.create(['stock', '.csv']) do |file|
  CSV.open(file.path, 'w') do |csv|
    csv << ROWS.first.keys
    ROWS.each { |row| csv << row.values }
  end
  puts File.read(file.path)

  table = CSV.read(file.path, headers: true, converters: :numeric, header_converters: :symbol)
  puts table.sum { |r| r[:price] * r[:stock] }
  puts table.select { |r| r[:stock].zero? }.map { |r| r[:name] }.inspect

  json = JSON.pretty_generate(table.map(&:to_h))
  back = JSON.parse(json, symbolize_names: true)
  puts back == ROWS, json.lines.size
  puts YAML.dump(back.first.transform_keys(&:to_s))

  copy = "#{file.path}.bak"
  FileUtils.cp(file.path, copy)
  puts File.size(copy) == File.size(file.path), File.extname(copy), File.basename(copy).start_with?('stock')
  File.open(copy, 'a') { |f| f.puts '# end' }
  File.foreach(copy).with_index(1) { |line, n| puts "#{n}: #{line}" if line.start_with?('#') }
  File.delete(copy)
  puts File.exist?(copy)
end

begin
  File.open('/no/such/file')
rescue Errno::ENOENT => e
  puts e.message
end
