<?php get_header(); ?>
<div id="content" class="narrowcolumn" role="main">
<?php while (have_posts()) : the_post(); ?>
	<div <?php post_class(); ?> id="post-<?php the_ID(); ?>">
	<?php if (is_singular()) : ?>
		<h2><?php the_title(); ?></h2>
	<?php else : ?>
		<h2><a href="<?php the_permalink(); ?>" rel="bookmark" title="Permanent Link to <?php the_title_attribute(); ?>"><?php the_title(); ?></a></h2>
		<small><?php the_time('F jS, Y'); ?> <!-- by <?php the_author(); ?> --></small>
	<?php endif; ?>
		<div class="entry">
			<?php the_content('Read the rest of this entry &raquo;'); ?>
			<?php wp_link_pages(['before' => '<p><strong>Pages:</strong> ', 'after' => '</p>']); ?>
			<?php if (is_single()) the_tags('<p>Tags: ', ', ', '</p>'); ?>
	<?php if (is_single()) : ?>
			<p class="postmetadata alt"><small>
				This entry was posted on <?php the_time('l, F jS, Y'); ?> at <?php the_time(); ?> and is filed under <?php the_category(', '); ?>.
				You can follow any responses to this entry through the <?php post_comments_feed_link('RSS 2.0'); ?> feed.
				<?php if (!comments_open()) echo 'Both comments and pings are currently closed.'; ?>
			</small></p>
	<?php endif; ?>
		</div>
	<?php if (!is_singular()) : ?>
		<p class="postmetadata"><?php the_tags('Tags: ', ', ', '<br />'); ?> Posted in <?php the_category(', '); ?> | <?php comments_popup_link('No Comments &#187;', '1 Comment &#187;', '% Comments &#187;'); ?></p>
	<?php endif; ?>
	</div>
	<?php comments_template(); ?>
<?php endwhile; ?>
	<div class="navigation">
	<?php if (is_single()) : ?>
		<div class="alignleft"><?php previous_post_link('&laquo; %link'); ?></div>
		<div class="alignright"><?php next_post_link('%link &raquo;'); ?></div>
	<?php else : ?>
		<div class="alignleft"><?php next_posts_link('&laquo; Older Entries'); ?></div>
		<div class="alignright"><?php previous_posts_link('Newer Entries &raquo;'); ?></div>
	<?php endif; ?>
	</div>
</div>
<?php get_sidebar(); ?>
<?php get_footer(); ?>
