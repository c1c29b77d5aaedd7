<?php
// php truth.php DOCROOT: prints what the database holds, rendered by WordPress itself, as JSON.
[, $docroot] = $argv;
require $docroot . '/wp-load.php';

/** The whole text of a post, its pages joined, as a visitor reads it. */
function rendered_body(WP_Post $entry): string {
    global $post;
    $post = $entry;  // shortcodes ask for it
    $pages = generate_postdata($entry)['pages'];
    return implode("\n", array_map(fn ($page) => apply_filters('the_content', $page), $pages));
}

function names(int $id, string $taxonomy): array {
    $terms = get_the_terms($id, $taxonomy);
    return $terms ? array_map(fn ($term) => $term->name, $terms) : [];
}

function describe_post(WP_Post $post): array {
    $hidden = $post->post_password !== '';
    $password = $post->post_password;
    $post->post_password = '';  // else the body is a password form
    $described = [
        'id' => $post->ID,
        'kind' => $post->post_type,
        'status' => $hidden ? 'password' : $post->post_status,
        'url' => get_permalink($post->ID),
        'title' => apply_filters('the_title', $post->post_title, $post->ID),
        'author' => get_the_author_meta('display_name', (int) $post->post_author),
        'local' => $post->post_date,
        'utc' => $post->post_date_gmt,
        'html' => rendered_body($post),
        'raw' => $post->post_title . ' ' . $post->post_content,
        'categories' => $post->post_type === 'post' ? names($post->ID, 'category') : [],
        'tags' => names($post->ID, 'post_tag'),
        'comments_open' => comments_open($post->ID),
    ];
    $post->post_password = $password;
    return $described;
}

function describe_comment(WP_Comment $comment): array {
    return [
        'id' => (int) $comment->comment_ID,
        'post' => (int) $comment->comment_post_ID,
        'parent' => (int) $comment->comment_parent,
        'kind' => $comment->comment_type,
        'approved' => $comment->comment_approved,
        'author' => $comment->comment_author,
        'author_url' => get_comment_author_url($comment),
        'local' => $comment->comment_date,
        'utc' => $comment->comment_date_gmt,
        'html' => apply_filters('comment_text', get_comment_text($comment), $comment, []),
        'raw' => $comment->comment_author . ' ' . $comment->comment_author_url . ' ' . $comment->comment_content,
    ];
}

global $wpdb;
$ids = $wpdb->get_col("SELECT ID FROM $wpdb->posts WHERE post_type IN ('post', 'page') ORDER BY ID");
$comment_ids = $wpdb->get_col("SELECT comment_ID FROM $wpdb->comments ORDER BY comment_ID");
echo json_encode([
    'max_depth' => (int) get_option('thread_comments_depth'),
    'posts' => array_map(fn ($id) => describe_post(get_post((int) $id)), $ids),
    'comments' => array_map(fn ($id) => describe_comment(get_comment((int) $id)), $comment_ids),
], JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
