#!/bin/bash
# Avisa cuando un sistema de archivos esta casi lleno

UMBRAL=${1:-90}
REGISTRO=/tmp/espacio.log

avisar() {
    local particion=$1 uso=$2
    echo "$(date '+%d/%m/%Y %H:%M') AVISO: $particion al ${uso}%" | tee -a "$REGISTRO"
}

df -hP | tail -n +2 | while read -r sistema tam usado libre porcentaje montaje; do
    uso=${porcentaje%\%}
    case $sistema in
        tmpfs|devtmpfs|overlay) continue ;;
    esac
    if [ "$uso" -ge "$UMBRAL" ]; then
        avisar "$montaje" "$uso"
    fi
done

echo "Memoria libre: $(free -m | awk '/^Mem:/ { print $7 }') MB"
echo "Procesos: $(ps -e --no-headers | wc -l)"
uptime
