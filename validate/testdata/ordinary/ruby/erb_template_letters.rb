require 'erb'
require 'date'

Customer = Struct.new(:name, :items, :due, keyword_init: true) do
  def total = items.sum { |_, price| price }
  def late?(today) = due < today
end

LETTER = ERB.new(<<~TEMPLATE, trim_mode: '-')
  Dear <%= customer.name %>,

  <%- if customer.late?(today) -%>
  this is late by <%= (today - customer.due).to_i %> days!
  <%- end -%>
  <%- customer.items.each do |item, price| -%>
    * <%= item.ljust(12, '.') %> <%= format('%7.2f', price) %>
  <%- end -%>
  Total: <%= format('%.2f', customer.total) %>

  Please execute the payment soon.
TEMPLATE

customers = [
  Customer.new(name: 'Ms. Fork', items: { 'kettle' => 25.5, 'socket' => 3.2 }, due: Date.new(2024, 2, 1)),
  Customer.new(name: 'Mr. Shell', items: { 'pipe' => 12 }, due: Date.new(2024, 6, 1))
]

today = Date.new(2024, 3, 15)
customers.each do |customer|
  puts LETTER.result_with_hash(customer: customer, today: today)
  puts '-' * 30
end

puts format('%<name>s owes %<sum>.1f', name: customers[0].name, sum: customers[0].total)
puts "Today is #{today.strftime('%A, %-d %B')}, week #{today.cweek}"
