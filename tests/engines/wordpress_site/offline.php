<?php
/* Must-use plugin: pictures that WordPress takes from gravatar.com and s.w.org come from here. */
add_filter('pre_wp_mail', '__return_true');
add_filter('pre_get_avatar_data', function ($args, $who) {
    $name = is_object($who) ? ($who->comment_author_email ?? $who->user_email ?? '') : (string) $who;
    $args['url'] = home_url('/pixel/avatar-' . substr(md5($name), 0, 8) . '.gif');
    return $args;
}, 10, 2);
add_filter('emoji_url', fn () => home_url('/pixel/'));
add_filter('emoji_ext', fn () => '.gif');
