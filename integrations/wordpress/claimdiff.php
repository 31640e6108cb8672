<?php
/**
 * Plugin Name: Claimdiff
 * Description: Holds a post to its source before it is published.
 * Version: 0.1.0
 * Requires at least: 6.6
 * Requires PHP: 7.4
 * License: Apache-2.0
 * Text Domain: claimdiff
 *
 * The panel shows what the service finds; the gate at the end of this file is what stops a post, whichever
 * way it is saved over REST. The service is called from here, so no browser ever sees the token, which
 * stands in wp-config.php: define( 'CLAIMDIFF_TOKEN', '...' );
 */

defined( 'ABSPATH' ) || exit;

const CLAIMDIFF_SOURCE  = 'claimdiff_source'; // the post's field with the text that it rests on
const CLAIMDIFF_SECONDS = 30;

/** The types of posts that are checked. */
function claimdiff_types(): array {
	return apply_filters( 'claimdiff_types', array( 'post' ) );
}

// --- settings ------------------------------------------------------------------------------------------

/** What an editor may do without a verdict: with anything but "warn" the post is held back. */
function claimdiff_choice( $value ): string {
	return 'warn' === $value ? 'warn' : 'block';
}

/** The service's address, or "" for what is none. */
function claimdiff_url( $value ): string {
	return esc_url_raw( untrailingslashit( trim( (string) $value ) ), array( 'http', 'https' ) );
}

/** The settings, each with its title, what cleans it, and what it is by default. */
function claimdiff_settings(): array {
	return array(
		'claimdiff_url'         => array( __( 'Address of the service', 'claimdiff' ), 'claimdiff_url', 'http://127.0.0.1:8717' ),
		'claimdiff_unreachable' => array( __( 'When it cannot be asked', 'claimdiff' ), 'claimdiff_choice', 'block' ),
		'claimdiff_sourceless'  => array( __( 'When a post names no source', 'claimdiff' ), 'claimdiff_choice', 'warn' ),
	);
}

function claimdiff_setting( string $name ): string {
	list( , $clean, $default ) = claimdiff_settings()[ $name ];
	return $clean( get_option( $name, $default ) );
}

add_action(
	'admin_init',
	function () {
		add_settings_section( 'claimdiff', __( 'Claimdiff', 'claimdiff' ), '__return_null', 'writing' );
		foreach ( claimdiff_settings() as $name => list( $title, $clean, $default ) ) {
			register_setting( 'writing', $name, array( 'sanitize_callback' => $clean, 'default' => $default ) );
			add_settings_field( $name, $title, 'claimdiff_field', 'writing', 'claimdiff', array( 'name' => $name, 'label_for' => $name ) );
		}
	}
);

function claimdiff_field( array $field ): void {
	$name  = $field['name'];
	$value = claimdiff_setting( $name );
	if ( 'claimdiff_url' === $name ) {
		printf( '<input type="url" class="regular-text" id="%1$s" name="%1$s" value="%2$s">', esc_attr( $name ), esc_attr( $value ) );
		return;
	}
	$said = array(
		'block' => __( 'hold the post back', 'claimdiff' ),
		'warn'  => __( 'warn, and let it be published', 'claimdiff' ),
	);
	printf( '<select id="%1$s" name="%1$s">', esc_attr( $name ) );
	foreach ( $said as $key => $label ) {
		printf( '<option value="%s"%s>%s</option>', esc_attr( $key ), selected( $value, $key, false ), esc_html( $label ) );
	}
	echo '</select>';
}

// --- asking the service ----------------------------------------------------------------------------------

/** An answer of ours: `hold` says whether the post is held back, and only a plain false lets it out. */
function claimdiff_answer( string $verdict, string $reason, bool $hold, array $more = array() ): array {
	$none = array( 'findings' => array(), 'report_url' => null, 'retry_after' => null );
	return array( 'verdict' => $verdict, 'reason' => $reason, 'hold' => $hold ) + $more + $none;
}

/** The answer when there is no verdict. */
function claimdiff_unchecked( string $reason, ?int $retry_after = null ): array {
	$hold = 'warn' !== claimdiff_setting( 'claimdiff_unreachable' );
	return claimdiff_answer( 'unchecked', $reason, $hold, array( 'retry_after' => $retry_after ) );
}

/** What the service says of a text. */
function claimdiff_check( int $post, string $title, string $content, string $source ): array {
	$sources = array_values( array_filter( (array) apply_filters( 'claimdiff_sources', array( $source ), $post ), 'claimdiff_is_text' ) );
	if ( ! $sources ) {
		$hold = 'warn' !== claimdiff_setting( 'claimdiff_sourceless' );
		return claimdiff_answer( 'sourceless', __( 'No source is named, so nothing was checked.', 'claimdiff' ), $hold );
	}
	if ( ! defined( 'CLAIMDIFF_TOKEN' ) || '' === claimdiff_setting( 'claimdiff_url' ) ) {
		return claimdiff_unchecked( __( 'The service is not set up: its address or its token is missing.', 'claimdiff' ) );
	}
	$html = has_blocks( $content ) ? do_blocks( $content ) : wpautop( $content );
	$item = array( 'headline' => $title, 'body_html' => $html );
	$body = wp_json_encode(
		array(
			'sources'    => array_map( 'claimdiff_source_text', $sources ),
			'derivative' => array( 'name' => 'post-' . $post, 'ninjs' => $item ),
			'name'       => claimdiff_line( $title ),
			'author'     => claimdiff_line( wp_get_current_user()->display_name ),
		)
	);
	if ( false === $body ) {
		return claimdiff_unchecked( __( 'The text is no valid UTF-8.', 'claimdiff' ) );
	}
	return claimdiff_read(
		wp_remote_post(
			claimdiff_setting( 'claimdiff_url' ) . '/v1/check',
			array(
				'timeout'     => CLAIMDIFF_SECONDS,
				'redirection' => 0, // the token goes to this address and to no other
				'headers'     => array( 'Authorization' => 'Bearer ' . CLAIMDIFF_TOKEN, 'Content-Type' => 'application/json' ),
				'body'        => $body,
			)
		)
	);
}

function claimdiff_is_text( $own ): bool {
	return is_string( $own ) && '' !== trim( $own );
}

function claimdiff_source_text( string $text ): array {
	return array( 'text' => $text );
}

/** A name as the service takes it: one line, and not too long. */
function claimdiff_line( string $text ): string {
	$line = trim( preg_replace( '/[\x00-\x20\x7f]+|\xc2[\x80-\x9f]/', ' ', wp_strip_all_tags( $text ) ) );
	return '' === $line ? 'WordPress' : mb_substr( $line, 0, 200 );
}

/** Our answer from the service's. Whatever is not understood is no verdict. */
function claimdiff_read( $response ): array {
	if ( is_wp_error( $response ) ) {
		return claimdiff_unchecked( __( 'The service cannot be reached.', 'claimdiff' ) );
	}
	$status = (int) wp_remote_retrieve_response_code( $response );
	$told   = json_decode( wp_remote_retrieve_body( $response ), true );
	if ( 200 !== $status || ! is_array( $told ) ) {
		$detail = is_array( $told ) && is_string( $told['detail'] ?? null ) ? $told['detail'] : '';
		$retry  = (string) wp_remote_retrieve_header( $response, 'retry-after' );
		/* translators: 1: an HTTP status, 2: what the service says of it */
		$said = sprintf( __( 'The service did not answer with a verdict (%1$d). %2$s', 'claimdiff' ), $status, $detail );
		return claimdiff_unchecked( trim( $said ), ctype_digit( $retry ) ? (int) $retry : null );
	}
	$verdict = $told['verdict'] ?? null;
	if ( ! in_array( $verdict, array( 'pass', 'review', 'block', 'not_comparable' ), true ) ) {
		return claimdiff_unchecked( __( 'The service gave a verdict that this plugin does not know.', 'claimdiff' ) );
	}
	$more = array(
		'findings'   => array_map( 'claimdiff_finding', (array) ( $told['findings'] ?? array() ) ),
		'report_url' => $told['report_url'] ?? null,
	);
	$hold = ! in_array( $verdict, array( 'pass', 'review' ), true );
	return claimdiff_answer( $verdict, (string) ( $told['reason'] ?? '' ), $hold, $more );
}

/** What the panel shows of a finding. */
function claimdiff_finding( array $own ): array {
	return array(
		'id'       => (string) ( $own['id'] ?? '' ),
		'severity' => (string) ( $own['severity'] ?? '' ),
		'stops'    => ! empty( $own['stops'] ),
		'message'  => (string) ( $own['message'] ?? '' ),
		'snippet'  => (string) ( $own['derivative']['snippet'] ?? $own['source']['snippet'] ?? '' ),
	);
}

// --- the editor's line to it -------------------------------------------------------------------------------

/** Whoever may edit this post, from a page of this site: the nonce tells another site's form apart. */
function claimdiff_may( WP_REST_Request $request ): bool {
	return false !== wp_verify_nonce( (string) $request->get_header( 'X-WP-Nonce' ), 'wp_rest' )
		&& current_user_can( 'edit_post', (int) $request['post'] );
}

add_action(
	'rest_api_init',
	function () {
		$text = array( 'type' => 'string', 'required' => true );
		register_rest_route(
			'claimdiff/v1',
			'/check',
			array(
				'methods'             => 'POST',
				'permission_callback' => 'claimdiff_may',
				'args'                => array(
					'post'    => array( 'type' => 'integer', 'required' => true, 'minimum' => 1 ),
					'title'   => $text,
					'content' => $text,
					'source'  => $text,
				),
				'callback'            => function ( WP_REST_Request $asked ) {
					return claimdiff_check( (int) $asked['post'], $asked['title'], $asked['content'], $asked['source'] );
				},
			)
		);
	}
);

add_action(
	'init',
	function () {
		foreach ( claimdiff_types() as $type ) {
			register_post_meta(
				$type,
				CLAIMDIFF_SOURCE,
				array(
					'type'          => 'string',
					'single'        => true,
					'default'       => '',
					// For editors alone: an agency's copy is not ours to publish.
					'show_in_rest'  => array( 'schema' => array( 'type' => 'string', 'context' => array( 'edit' ) ) ),
					'auth_callback' => function ( $allowed, $key, $post ) {
						return current_user_can( 'edit_post', $post );
					},
				)
			);
			add_filter( "rest_pre_insert_{$type}", 'claimdiff_gate', 10, 2 );
		}
	}
);

add_action(
	'enqueue_block_editor_assets',
	function () {
		if ( ! in_array( get_post_type(), claimdiff_types(), true ) ) {
			return;
		}
		$needs = array( 'wp-api-fetch', 'wp-components', 'wp-data', 'wp-editor', 'wp-element', 'wp-i18n', 'wp-plugins' );
		wp_enqueue_script( 'claimdiff', plugins_url( 'panel.js', __FILE__ ), $needs, '0.1.0', true );
	}
);

// --- the gate -------------------------------------------------------------------------------------------------

/** Refuses to publish what the panel would hold back, also where there was no panel. */
function claimdiff_gate( $prepared, WP_REST_Request $request ) {
	if ( is_wp_error( $prepared ) ) {
		return $prepared;
	}
	$old    = empty( $prepared->ID ) ? null : get_post( $prepared->ID );
	$status = $prepared->post_status ?? ( $old ? $old->post_status : '' );
	if ( ! in_array( $status, array( 'publish', 'future' ), true ) ) {
		return $prepared;
	}
	$id     = $old ? $old->ID : 0;
	$source = $request['meta'][ CLAIMDIFF_SOURCE ] ?? get_post_meta( $id, CLAIMDIFF_SOURCE, true );
	$title  = $prepared->post_title ?? ( $old ? $old->post_title : '' );
	$text   = $prepared->post_content ?? ( $old ? $old->post_content : '' );
	$answer = claimdiff_check( $id, $title, $text, (string) $source );
	if ( false === $answer['hold'] ) {
		return $prepared;
	}
	return new WP_Error( 'claimdiff_held', $answer['reason'], array( 'status' => 422, 'claimdiff' => $answer ) );
}
