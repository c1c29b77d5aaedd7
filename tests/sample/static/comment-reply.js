var addComment = {
	moveForm: function (belowId, commentId, respondId, postId) {
		var below = document.getElementById(belowId), form = document.getElementById(respondId);
		if (!below || !form) { return true; }
		document.getElementById('comment_parent').value = commentId;
		below.parentNode.insertBefore(form, below.nextSibling);
		return false;
	}
};
