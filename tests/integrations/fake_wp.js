// As much of WordPress's editor as the panel uses: elements with hooks, a post, and a Publish button that heeds
// locks. Everything is drawn anew at each change.
( function () {
	'use strict';
	const Fragment = Symbol( 'Fragment' );
	const components = new Map(); // by place: the hooks of a component
	let current = null;
	let planned = false;
	let seen = new Set();
	let after = [];

	const post = { id: 7, title: '', content: '', meta: {}, open: false, locks: [] };
	const editor = {
		getCurrentPostId: () => post.id,
		getEditedPostAttribute: ( name ) => post[ name ],
		getEditedPostContent: () => post.content,
	};
	const acts = {
		editPost: ( { meta } ) => window.change( { meta: { ...post.meta, ...meta } } ),
		lockPostSaving: ( name ) => window.change( { locks: [ ...new Set( [ ...post.locks, name ] ) ] } ),
		unlockPostSaving: ( name ) => window.change( { locks: post.locks.filter( ( own ) => own !== name ) } ),
	};
	window.post = post;
	window.change = ( what ) => {
		Object.assign( post, what );
		plan();
	};

	function hook( first ) {
		const cell = current.at < current.cells.length ? current.cells[ current.at ] : ( current.cells[ current.at ] = first() );
		current.at += 1;
		return cell;
	}
	function useState( first ) {
		const own = current;
		const cell = hook( () => ( { value: first } ) );
		const set = ( value ) => {
			if ( own.gone ) {
				throw new Error( 'a component that is gone was changed' );
			}
			cell.value = value;
			plan();
		};
		return [ cell.value, set ];
	}
	function useEffect( run, needs ) {
		const cell = hook( () => ( {} ) );
		if ( ! cell.needs || ! needs || needs.some( ( own, at ) => ! Object.is( own, cell.needs[ at ] ) ) ) {
			cell.needs = needs;
			after.push( () => {
				( cell.undo || ( () => {} ) )();
				cell.undo = run();
			} );
		}
	}

	function draw( node, place ) {
		if ( node === null || node === undefined || node === false ) {
			return [];
		}
		if ( Array.isArray( node ) ) {
			return node.flatMap( ( own, at ) => draw( own, place + '/' + at ) );
		}
		if ( typeof node !== 'object' ) {
			return [ document.createTextNode( String( node ) ) ];
		}
		const { type, props } = node;
		if ( type === Fragment ) {
			return draw( props.children, place );
		}
		if ( typeof type === 'function' ) {
			const here = place + '/' + type.name + ( props.key || '' );
			const own = components.get( here ) || { cells: [], at: 0, gone: false };
			components.set( here, own );
			seen.add( here );
			const outer = current;
			current = own;
			own.at = 0;
			const made = type( props );
			current = outer;
			return draw( made, here );
		}
		const made = document.createElement( type );
		for ( const [ name, value ] of Object.entries( props ) ) {
			if ( name.startsWith( 'on' ) ) {
				made.addEventListener( name.slice( 2 ).toLowerCase(), value );
			} else if ( name === 'value' ) {
				made.value = value;
			} else if ( name !== 'children' && name !== 'key' && value !== false && value !== undefined ) {
				made.setAttribute( name, value );
			}
		}
		made.append( ...draw( props.children, place + '/' + type ) );
		return [ made ];
	}
	function plan() {
		if ( ! planned ) {
			planned = true;
			queueMicrotask( redraw );
		}
	}
	function redraw() {
		planned = false;
		seen = new Set();
		document.getElementById( 'root' ).replaceChildren( ...draw( el( App ), '' ) );
		for ( const [ place, own ] of components ) {
			if ( ! seen.has( place ) ) {
				own.gone = true;
				own.cells.forEach( ( cell ) => cell.undo && cell.undo() );
				components.delete( place );
			}
		}
		const due = after;
		after = [];
		due.forEach( ( run ) => run() );
	}

	const el = ( type, props, ...children ) => ( { type, props: { ...( props || {} ), children } } );
	let plugin = () => null;
	function App() {
		const publish = el( 'button', { id: 'publish', disabled: post.locks.length ? '' : false }, 'Publish' );
		return [ el( () => plugin() ), publish ];
	}
	window.wp = {
		element: { createElement: el, Fragment, useEffect, useState },
		data: {
			useSelect: ( get ) => get( () => editor ),
			useDispatch: () => acts,
		},
		components: {
			Button: ( { onClick, children } ) => el( 'button', { onClick }, children ),
			Notice: ( { status, children } ) => el( 'div', { role: 'status', 'data-status': status }, children ),
			Spinner: () => el( 'progress' ),
			TextareaControl: ( { label, value, onChange } ) =>
				el( 'textarea', { 'aria-label': label, value, onInput: ( event ) => onChange( event.target.value ) } ),
		},
		editor: {
			PluginDocumentSettingPanel: ( { title, children } ) => el( 'section', { 'aria-label': title }, children ),
			PluginPrePublishPanel: ( { title, children } ) => ( post.open ? el( 'section', { 'aria-label': title }, children ) : null ),
		},
		i18n: { __: ( text ) => text },
		plugins: {
			registerPlugin: ( name, { render } ) => {
				plugin = render;
				plan();
			},
		},
		apiFetch: async ( { path, method, data, signal } ) => {
			const headers = { 'Content-Type': 'application/json', 'X-WP-Nonce': window.nonce };
			const response = await fetch( '/wp-json' + path, { method, headers, body: JSON.stringify( data ), signal } );
			const told = await response.json();
			if ( ! response.ok ) {
				throw told;
			}
			return told;
		},
	};
} )();
