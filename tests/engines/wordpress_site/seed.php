<?php
// php seed.php DOCROOT STORY: fills WordPress through its own API with the story in a JSON file.
[, $docroot, $file] = $argv;
require $docroot . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/image.php';

function fail_on_error($result) {
    if (is_wp_error($result) || !$result) {
        $why = is_wp_error($result) ? $result->get_error_message() : 'nothing was made';
        throw new RuntimeException($why);
    }
    return $result;
}

function set_options(array $settings): void {
    update_option('timezone_string', $settings['timezone']);
    update_option('blogdescription', 'Letters from the quay & the kitchen');
    update_option('posts_per_page', 7);
    update_option('posts_per_rss', 10);
    update_option('thread_comments', 1);
    update_option('thread_comments_depth', 5);
    update_option('page_comments', 1);
    update_option('comments_per_page', 10);
    update_option('default_comments_page', 'newest');
    update_option('comment_order', 'asc');
    update_option('moderation_notify', 0);
    update_option('comments_notify', 0);
    global $wp_rewrite;
    $wp_rewrite->set_permalink_structure($settings['permalinks']);
    $wp_rewrite->flush_rules(false);
    switch_theme($settings['theme']);
    foreach (get_posts(['post_type' => 'any', 'post_status' => 'any', 'numberposts' => -1]) as $post) {
        if (in_array($post->post_type, ['post', 'page'], true)) {
            wp_delete_post($post->ID, true);
        }
    }
}

function add_author(array $author): int {
    return fail_on_error(wp_insert_user([
        'user_login' => $author['login'],
        'user_pass' => 'lab',
        'user_email' => $author['login'] . '@tidepool.example',
        'display_name' => $author['name'],
        'user_url' => $author['site'],
        'role' => 'author',
    ]));
}

function add_picture(string $name): int {
    $picture = imagecreatetruecolor(1400, 1000);
    for ($x = 0; $x < 1400; $x += 20) {
        $shade = ($x * strlen($name)) % 256;
        imagefilledrectangle($picture, $x, 0, $x + 19, 999, imagecolorallocate($picture, $shade, 90, 140));
    }
    $path = wp_upload_dir('2004/03')['path'] . "/$name.jpg";
    imagejpeg($picture, $path, 60);
    $id = fail_on_error(wp_insert_attachment([
        'post_title' => "The $name",
        'post_mime_type' => 'image/jpeg',
        'post_status' => 'inherit',
        'post_date' => '2004-03-01 10:00:00',
    ], $path));
    wp_update_attachment_metadata($id, wp_generate_attachment_metadata($id, $path));
    update_post_meta($id, '_wp_attachment_image_alt', "The $name in the morning");
    return $id;
}

/** As the editors of old inserted it: with a caption, linked to its file or to its own page. */
function picture_html(string $name, int $id): string {
    $image = get_image_tag($id, "The $name in the morning", '', 'none', 'large');
    if ($name === 'quay') {
        return '<a href="' . wp_get_attachment_url($id) . '">' . $image . '</a>';
    }
    if ($name === 'lamp') {
        $image = '<a href="' . get_attachment_link($id) . '" rel="attachment wp-att-' . $id . '">' . $image . '</a>';
    }
    return "[caption id=\"attachment_$id\" align=\"alignnone\" width=\"1024\"]$image The $name, seen from below[/caption]";
}

/** Old entries are plain text that WordPress puts into paragraphs, new ones are blocks. */
function content(array $entry, array $pictures): string {
    $written = [];
    foreach ($entry['parts'] as $part) {
        if (str_starts_with($part, 'picture:')) {
            $name = substr($part, strlen('picture:'));
            $part = picture_html($name, $pictures[$name]);
            $block = 'shortcode';
        } else {
            $block = str_starts_with($part, '<p>') ? 'paragraph' : 'html';
        }
        if (str_starts_with($part, '<!--')) {
            $written[] = $part;
        } elseif ($entry['key'] >= 48) {
            $written[] = "<!-- wp:$block -->\n$part\n<!-- /wp:$block -->";
        } else {
            $written[] = preg_replace('#^<p>(.*)</p>$#s', '$1', $part);
        }
    }
    return implode("\n\n", $written);
}

function add_entry(array $entry, array $authors, array $pictures): int {
    $statuses = ['draft' => 'draft', 'private' => 'private', 'future' => 'future', 'trash' => 'trash'];
    $categories = array_map(
        fn ($name) => get_term_by('name', $name, 'category')->term_id ?? wp_insert_term($name, 'category')['term_id'],
        array_map('esc_html', $entry['categories'])
    );
    $id = fail_on_error(wp_insert_post(wp_slash([
        'post_type' => $entry['kind'] === 'page' ? 'page' : 'post',
        'post_title' => $entry['title'],
        'post_content' => content($entry, $pictures),
        'post_author' => $authors[$entry['author']],
        'post_date' => str_replace('T', ' ', $entry['written']),
        'post_status' => $statuses[$entry['status']] ?? 'publish',
        'post_password' => $entry['status'] === 'password' ? 'sesame' : '',
        'post_category' => $categories,
        'tags_input' => array_map('esc_html', $entry['tags']),
        'comment_status' => $entry['comments_closed'] ? 'closed' : 'open',
        'ping_status' => 'open',
    ]), true));
    if ($entry['sticky']) {
        stick_post($id);
    }
    return $id;
}

/** Classic themes link static pages from a menu that their owner has to make. */
function add_menu(array $pages): void {
    $menu = fail_on_error(wp_create_nav_menu('Shore'));
    foreach ($pages as $id) {
        $item = ['menu-item-object-id' => $id, 'menu-item-object' => 'page',
            'menu-item-type' => 'post_type', 'menu-item-status' => 'publish'];
        fail_on_error(wp_update_nav_menu_item($menu, 0, $item));
    }
    set_theme_mod('nav_menu_locations', ['primary' => $menu]);
}

function add_remark(array $remark, array $authors, array $entries, array $remarks): int {
    $approved = ['public' => '1', 'held' => '0', 'spam' => 'spam', 'trash' => 'trash'];
    $local = str_replace('T', ' ', $remark['written']);
    $name = $remark['name'] !== '' ? $remark['name'] : 'nobody';
    return fail_on_error(wp_insert_comment(wp_slash([
        'comment_post_ID' => $entries[$remark['entry']],
        'comment_parent' => $remark['parent'] ? $remarks[$remark['parent']] : 0,
        'comment_author' => esc_html($remark['name']),
        'comment_author_email' => md5($name) . '@mail.example',
        'comment_author_url' => esc_url_raw($remark['site']),
        'comment_author_IP' => '192.0.2.7',
        'comment_content' => $remark['text'],
        'comment_date' => $local,
        'comment_date_gmt' => get_gmt_from_date($local),
        'comment_type' => $remark['kind'],
        'comment_approved' => $approved[$remark['status']] ?? '1',
        'user_id' => $remark['login'] ? $authors[$remark['login']] : 0,
    ])));
}

$story = json_decode(file_get_contents($file), true, 512, JSON_THROW_ON_ERROR);
wp_set_current_user(get_user_by('login', 'keeper')->ID);
wp_defer_term_counting(true);
wp_defer_comment_counting(true);
set_options($story['settings']);
$authors = $entries = $remarks = $pictures = [];
foreach ($story['authors'] as $author) {
    $authors[$author['login']] = add_author($author);
}
foreach ($story['pictures'] as $name) {
    $pictures[$name] = add_picture($name);
}
foreach ($story['entries'] as $entry) {
    $entries[$entry['key']] = add_entry($entry, $authors, $pictures);
}
add_menu(array_values(array_filter($entries, fn ($id) => get_post_type($id) === 'page')));
foreach ($story['remarks'] as $remark) {
    $remarks[$remark['key']] = add_remark($remark, $authors, $entries, $remarks);
}
wp_defer_comment_counting(false);
wp_defer_term_counting(false);
