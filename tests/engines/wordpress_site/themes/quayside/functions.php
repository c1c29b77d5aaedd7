<?php
add_theme_support('automatic-feed-links');
add_action('widgets_init', fn () => register_sidebar(['id' => 'shore', 'name' => 'Shore']));
