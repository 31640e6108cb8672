/**
 * The panel before publishing, and the field for the source. Plain JavaScript as WordPress runs it: nothing
 * is built. While this text has no verdict that lets it out, the post is locked.
 */
( function ( wp ) {
	'use strict';

	const { createElement: el, Fragment, useEffect, useState } = wp.element;
	const { useDispatch, useSelect } = wp.data;
	const { Button, Notice, Spinner, TextareaControl } = wp.components;
	const { PluginDocumentSettingPanel, PluginPrePublishPanel } = wp.editor;
	const { __ } = wp.i18n;

	const LOCK = 'claimdiff';
	const SOURCE = 'claimdiff_source';
	const PAUSE = 400; // milliseconds without a change before the service is asked
	const TRIES = 3; // times that the service is asked by itself, where it said when to come again

	const SAYS = {
		pass: [ 'success', __( 'Nothing was found.', 'claimdiff' ) ],
		review: [ 'warning', __( 'Look at these findings before you publish.', 'claimdiff' ) ],
		block: [ 'error', __( 'The text must not go out like this.', 'claimdiff' ) ],
		not_comparable: [ 'error', __( 'The text cannot be held to its source.', 'claimdiff' ) ],
		sourceless: [ 'warning', __( 'This text was not checked.', 'claimdiff' ) ],
		unchecked: [ 'error', __( 'This text was not checked.', 'claimdiff' ) ],
	};

	/** The text as it stands in the editor. */
	function useText() {
		return useSelect( ( select ) => {
			const editor = select( 'core/editor' );
			const meta = editor.getEditedPostAttribute( 'meta' ) || {};
			return {
				post: editor.getCurrentPostId(),
				title: editor.getEditedPostAttribute( 'title' ) || '',
				content: editor.getEditedPostContent() || '',
				source: meta[ SOURCE ] || '',
			};
		}, [] );
	}

	/** The answer about this very text, or null while there is none. */
	function useAnswer( text ) {
		const [ told, setTold ] = useState( null );
		const [ tries, setTries ] = useState( 1 );
		const key = JSON.stringify( [ text.post, text.title, text.content, text.source ] );

		useEffect( () => {
			let waiting = 0;
			const gone = new AbortController();
			const tell = ( answer ) => {
				if ( gone.signal.aborted ) {
					return;
				}
				if ( ! answer || ! Array.isArray( answer.findings ) ) {
					throw new Error( __( 'WordPress did not answer as it should.', 'claimdiff' ) );
				}
				setTold( { key, answer } );
				if ( Number.isInteger( answer.retry_after ) && tries < TRIES ) {
					waiting = setTimeout( () => setTries( tries + 1 ), 1000 * Math.max( 1, answer.retry_after ) );
				}
			};
			const failed = ( error ) => {
				const reason = ( error && error.message ) || __( 'WordPress cannot be reached.', 'claimdiff' );
				tell( { verdict: 'unchecked', reason, hold: true, findings: [], report_url: null } );
			};
			waiting = setTimeout( () => {
				wp.apiFetch( { path: '/claimdiff/v1/check', method: 'POST', data: text, signal: gone.signal } ).then( tell ).catch( failed );
			}, PAUSE );
			return () => {
				clearTimeout( waiting );
				gone.abort();
			};
		}, [ key, tries ] );

		const again = () => {
			setTold( null );
			setTries( tries + 1 );
		};
		return [ told !== null && told.key === key ? told.answer : null, again ];
	}

	function Finding( { finding } ) {
		const grave = finding.stops ? __( 'stops the text', 'claimdiff' ) : finding.severity;
		return el(
			'li',
			null,
			el( 'p', null, el( 'strong', null, grave + ': ' ), finding.message ),
			finding.snippet ? el( 'blockquote', null, finding.snippet ) : null
		);
	}

	function Verdict( { answer, again } ) {
		const [ status, said ] = SAYS[ answer.verdict ] || SAYS.unchecked;
		const link = /^https?:\/\//.test( answer.report_url || '' ) ? answer.report_url : '';
		const held = answer.hold === false ? null : el( 'p', null, __( 'It cannot be published until this is settled.', 'claimdiff' ) );
		return el(
			Fragment,
			null,
			el( Notice, { status, isDismissible: false }, el( 'p', null, el( 'strong', null, said ) ), el( 'p', null, answer.reason ), held ),
			answer.findings.length ? el( 'ul', null, ...answer.findings.map( ( own ) => el( Finding, { key: own.id, finding: own } ) ) ) : null,
			link ? el( 'p', null, el( 'a', { href: link, target: '_blank', rel: 'noopener noreferrer' }, __( 'Open the report', 'claimdiff' ) ) ) : null,
			el( Button, { variant: 'secondary', onClick: again }, __( 'Check again', 'claimdiff' ) )
		);
	}

	/** WordPress shows it, and so runs it, while the panel before publishing is open. */
	function Check() {
		const text = useText();
		const [ answer, again ] = useAnswer( text );
		const { lockPostSaving, unlockPostSaving } = useDispatch( 'core/editor' );
		const held = answer === null || answer.hold !== false;

		useEffect( () => {
			if ( held ) {
				lockPostSaving( LOCK );
			} else {
				unlockPostSaving( LOCK );
			}
		}, [ held ] );
		useEffect( () => () => unlockPostSaving( LOCK ), [] ); // a draft can always be saved

		if ( answer === null ) {
			return el( 'p', null, el( Spinner ), __( 'The text is held to its source …', 'claimdiff' ) );
		}
		return el( Verdict, { answer, again } );
	}

	/** The text that the post rests on. */
	function Source() {
		const { source } = useText();
		const { editPost } = useDispatch( 'core/editor' );
		return el( TextareaControl, {
			label: __( 'What this text rests on', 'claimdiff' ),
			help: __( 'Paste the report as it came. It is not published.', 'claimdiff' ),
			rows: 8,
			value: source,
			onChange: ( value ) => editPost( { meta: { [ SOURCE ]: value } } ),
		} );
	}

	wp.plugins.registerPlugin( 'claimdiff', {
		render: () =>
			el(
				Fragment,
				null,
				el( PluginDocumentSettingPanel, { name: 'claimdiff-source', title: __( 'Source', 'claimdiff' ) }, el( Source ) ),
				el( PluginPrePublishPanel, { title: __( 'Claimdiff', 'claimdiff' ), initialOpen: true }, el( Check ) )
			),
	} );
} )( window.wp );
