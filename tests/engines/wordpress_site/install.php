<?php
// php install.php DOCROOT LOCALE: creates the tables, the options and the administrator.
define('WP_INSTALLING', true);
[, $docroot, $locale] = $argv;
require $docroot . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Tidepool Letters', 'keeper', 'keeper@tidepool.example', true, '', 'lab', $locale);
