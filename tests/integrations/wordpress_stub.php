<?php
/** As much of WordPress as the plugin calls, for `php -S`. Settings come from the environment. */

define( 'ABSPATH', __DIR__ . '/' );
if ( getenv( 'STUB_TOKEN' ) ) {
	define( 'CLAIMDIFF_TOKEN', getenv( 'STUB_TOKEN' ) );
}
$GLOBALS['hooks'] = $GLOBALS['routes'] = $GLOBALS['meta'] = $GLOBALS['fields'] = array();

class WP_Error {
	public $message, $data;
	function __construct( $code, $message, $data = array() ) {
		$this->message = $message;
		$this->data    = $data;
	}
}
class WP_REST_Request implements ArrayAccess {
	private $given;
	function __construct( $given ) { $this->given = $given; }
	function get_header( $name ) { return $_SERVER[ 'HTTP_' . strtoupper( strtr( $name, '-', '_' ) ) ] ?? null; }
	function offsetExists( $key ): bool { return isset( $this->given[ $key ] ); }
	#[\ReturnTypeWillChange]
	function offsetGet( $key ) { return $this->given[ $key ] ?? null; }
	function offsetSet( $key, $value ): void { $this->given[ $key ] = $value; }
	function offsetUnset( $key ): void { unset( $this->given[ $key ] ); }
}

function add_filter( $hook, $call, $priority = 10, $count = 1 ) { $GLOBALS['hooks'][ $hook ][] = $call; }
function add_action( $hook, $call ) { add_filter( $hook, $call ); }
function apply_filters( $hook, $value, ...$more ) {
	foreach ( $GLOBALS['hooks'][ $hook ] ?? array() as $call ) {
		$value = $call( $value, ...$more );
	}
	return $value;
}
function do_action( $hook ) { apply_filters( $hook, null ); }
function __( $text, $domain ) { return $text; }
function get_option( $name, $default ) { return getenv( $name ) === false ? $default : getenv( $name ); }
function esc_url_raw( $url, $schemes ) { return in_array( parse_url( $url, PHP_URL_SCHEME ), $schemes, true ) ? $url : ''; }
function esc_attr( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function esc_html( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function selected( $a, $b, $echo ) { return $a === $b ? " selected='selected'" : ''; }
function untrailingslashit( $text ) { return rtrim( $text, '/\\' ); }
function wp_json_encode( $value ) { return json_encode( $value ); }
function wp_strip_all_tags( $text ) { return trim( strip_tags( $text ) ); }
function wp_get_current_user() { return (object) array( 'display_name' => 'Ann Öberg' ); }
function has_blocks( $text ) { return false !== strpos( $text, '<!-- wp:' ); }
function do_blocks( $text ) { return preg_replace( '/<!--\s\/?wp:.*?-->\n?/s', '', $text ); }
function wpautop( $text ) { return '<p>' . preg_replace( '/\n\n+/', "</p>\n<p>", trim( $text ) ) . '</p>'; }
function wp_verify_nonce( $nonce, $for ) { return 'a-nonce' === $nonce && 'wp_rest' === $for ? 1 : false; }
function current_user_can( $what, $post ) { return 'edit_post' === $what && 7 === $post; }
function is_wp_error( $own ) { return $own instanceof WP_Error; }
function get_post( $id ) { return (object) array( 'ID' => $id, 'post_status' => 'draft', 'post_title' => 'Kept', 'post_content' => '' ); }
function get_post_meta( $id, $key, $single ) { return ''; }
function register_post_meta( $type, $key, $how ) { $GLOBALS['meta'][ "$type/$key" ] = $how; }
function register_rest_route( $space, $path, $how ) { $GLOBALS['routes'][ "/$space$path" ] = $how; }
function register_setting( $group, $name, $how ) {}
function add_settings_section( ...$all ) {}
function add_settings_field( $name, $title, $call, $page, $section, $args ) { $GLOBALS['fields'][ $name ] = array( $call, $args ); }

if ( ! function_exists( 'mb_substr' ) ) { // WordPress brings its own, too
	function mb_substr( $text, $start, $length ) { return implode( '', array_slice( preg_split( '//u', $text, -1, PREG_SPLIT_NO_EMPTY ), $start, $length ) ); }
}

function wp_remote_post( $url, $how ) {
	$lines = array();
	foreach ( $how['headers'] as $name => $value ) {
		$lines[] = "$name: $value";
	}
	$http = array(
		'method' => 'POST', 'header' => $lines, 'content' => $how['body'], 'timeout' => (float) ( getenv( 'STUB_SECONDS' ) ?: $how['timeout'] ),
		'ignore_errors' => true, 'follow_location' => $how['redirection'],
	);
	$body = @file_get_contents( $url, false, stream_context_create( array( 'http' => $http ) ) );
	if ( false === $body ) {
		return new WP_Error( 'http', 'no answer' );
	}
	$out = array( 'body' => $body, 'code' => (int) explode( ' ', $http_response_header[0] )[1], 'headers' => array() );
	foreach ( array_slice( $http_response_header, 1 ) as $line ) {
		list( $name, $value )                       = explode( ':', $line, 2 );
		$out['headers'][ strtolower( trim( $name ) ) ] = trim( $value );
	}
	return $out;
}
function wp_remote_retrieve_response_code( $own ) { return $own['code']; }
function wp_remote_retrieve_body( $own ) { return $own['body']; }
function wp_remote_retrieve_header( $own, $name ) { return $own['headers'][ $name ] ?? ''; }

require getenv( 'STUB_PLUGIN' );
foreach ( array( 'init', 'admin_init', 'rest_api_init' ) as $hook ) {
	do_action( $hook );
}

function reply( $status, $value ) {
	http_response_code( $status );
	header( 'Content-Type: application/json' );
	echo json_encode( $value );
}

$path    = preg_replace( '#^/wp-json#', '', parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
$given   = json_decode( file_get_contents( 'php://input' ), true ) ?: array();
$request = new WP_REST_Request( $given );
if ( '/settings' === $path ) {
	foreach ( $GLOBALS['fields'] as list( $call, $args ) ) {
		$call( $args );
	}
} elseif ( '/meta' === $path ) {
	reply( 200, $GLOBALS['meta'] );
} elseif ( isset( $GLOBALS['routes'][ $path ] ) ) {
	$route = $GLOBALS['routes'][ $path ];
	$route['permission_callback']( $request ) ? reply( 200, $route['callback']( $request ) ) : reply( 403, array( 'code' => 'rest_forbidden', 'message' => 'Not allowed.' ) );
} elseif ( '/wp/v2/posts/7' === $path ) {
	$post = array( 'ID' => 7, 'post_status' => $given['status'] ?? null, 'post_title' => $given['title'] ?? null, 'post_content' => $given['content'] ?? null );
	$made = apply_filters( 'rest_pre_insert_post', (object) array_filter( $post, 'is_scalar' ), $request );
	is_wp_error( $made ) ? reply( $made->data['status'], array( 'message' => $made->message, 'data' => $made->data ) ) : reply( 200, array( 'status' => $made->post_status ?? 'draft' ) );
} else {
	reply( 404, array( 'message' => $path ) );
}
