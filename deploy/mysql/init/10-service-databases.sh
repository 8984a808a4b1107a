#!/bin/bash
# Runs once, on an empty data directory: one database per service; the platform's account may use these and nothing else.
set -euo pipefail

if [[ ! "$MYSQL_PASSWORD" =~ ^[A-Za-z0-9_.~-]+$ ]]; then
  echo 'MYSQL_PASSWORD may hold letters, digits and _ . ~ - only: it is part of a URL' >&2
  exit 1
fi

MYSQL_PWD="$MYSQL_ROOT_PASSWORD" mysql --user=root --protocol=socket <<'SQL'
CREATE DATABASE IF NOT EXISTS coser_user;
CREATE DATABASE IF NOT EXISTS coser_entitlement;
CREATE DATABASE IF NOT EXISTS coser_points;
CREATE DATABASE IF NOT EXISTS coser_notification;
GRANT ALL PRIVILEGES ON `coser\_%`.* TO 'coser'@'%';
SQL
