# Notenverwaltung - Übung 7
require 'csv'
require 'optparse'

optionen = { datei: 'noten.csv' }
OptionParser.new do |o|
  o.banner = 'Aufruf: noten.rb [Optionen]'
  o.on('-d', '--datei DATEI', 'CSV-Datei') { |d| optionen[:datei] = d }
  o.on('-f', '--fach FACH', 'nur dieses Fach') { |f| optionen[:fach] = f }
end.parse!

Eintrag = Struct.new(:name, :fach, :note)

def lade(datei)
  CSV.foreach(datei, headers: true, col_sep: ';').map do |zeile|
    Eintrag.new(zeile['Name'], zeile['Fach'], zeile['Note'].tr(',', '.').to_f)
  end
rescue Errno::ENOENT
  abort "Datei #{datei} nicht gefunden"
end

eintraege = lade(optionen[:datei])
eintraege.select! { |e| e.fach == optionen[:fach] } if optionen[:fach]

eintraege.group_by(&:name).sort.each do |name, liste|
  schnitt = liste.sum(&:note) / liste.size
  puts "#{name.ljust(20)} #{'%.2f' % schnitt}"
end
