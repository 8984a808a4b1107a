#!/bin/sh
# Alertmanager reads no environment variables: fills the addresses into its configuration, then becomes it.
# The secrets stay in their files (/run/secrets).
set -eu

for name in ALERT_TELEGRAM_CHAT_ID ALERT_EMAIL_TO ALERT_EMAIL_FROM ALERT_SMTP_HOST ALERT_SMTP_USER; do
  eval "value=\${$name:-}"
  case "$value" in
    '' | *[!A-Za-z0-9@.:,_+-]*)
      echo "$name is empty or holds a character that has no place in an address" >&2
      exit 1
      ;;
  esac
done

sed -e "s/-1000000000000/$ALERT_TELEGRAM_CHAT_ID/" \
  -e "s/ALERT_EMAIL_TO/$ALERT_EMAIL_TO/" -e "s/ALERT_EMAIL_FROM/$ALERT_EMAIL_FROM/" \
  -e "s/ALERT_SMTP_HOST:587/$ALERT_SMTP_HOST/" -e "s/ALERT_SMTP_USER/$ALERT_SMTP_USER/" \
  "${TEMPLATE:-/etc/alertmanager/alertmanager.yml}" >"${RENDERED:-/tmp/alertmanager.yml}"

exec "${ALERTMANAGER:-/bin/alertmanager}" --config.file="${RENDERED:-/tmp/alertmanager.yml}" "$@"
