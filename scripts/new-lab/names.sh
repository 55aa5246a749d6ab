# Which names a lab can have, and what to say of one that it cannot; read by ../new-lab.sh.

# Keywords of Rust, and names of cargo's own.
refused_by_rust=" abstract as async await become box break const continue crate do dyn else enum
 extern false final fn for gen if impl in let loop macro match mod move mut override priv pub ref
 return self static struct super trait true try type typeof unsafe unsized use virtual where while
 yield alloc core std test proc-macro build deps examples incremental "

# A name like this one that is one.
suggestion() {
    local like
    like=$(printf %s "$1" | tr 'A-Z _./' 'a-z----' | tr -cd 'a-z0-9-' | tr -s -)
    like=${like#"${like%%[a-z]*}"}
    like=${like%-}
    printf %s "${like:-my-server}"
}

# Whether NAME is a crate or a program of the kit, a crate from the registry, or another lab.
is_taken() {
    local manifest
    for manifest in crates/*/Cargo.toml demos/*/Cargo.toml; do
        [ "$manifest" = "crates/$1/Cargo.toml" ] || ! grep -q "^name = \"$1\"\$" "$manifest" ||
            return 0
    done
    compgen -G "crates/*/src/bin/$1" >/dev/null || compgen -G "crates/*/src/bin/$1.rs" >/dev/null ||
        compgen -G "demos/*/src/bin/$1" >/dev/null || compgen -G "demos/*/src/bin/$1.rs" >/dev/null ||
        # A package without a source is one of ours, perhaps a lab that is gone.
        awk -v name="name = \"$1\"" '$0 == name { found = 1 } /^source = / && found { taken = 1 }
            /^$/ { found = 0 } END { exit !taken }' Cargo.lock
}

check_name() {
    if [[ ! $1 =~ ^[a-z][a-z0-9]*(-[a-z0-9]+)*$ ]]; then
        fail "'$1' is no name for a crate: use a-z, 0-9 and single dashes, as in $(suggestion "$1")"
    fi
    case $refused_by_rust in
        *[[:space:]]"$1"[[:space:]]*) fail "'$1' is a word of Rust or of cargo; take another name, as in my-$1" ;;
    esac
    ! is_taken "$1" || fail "a crate or a program is called '$1' already; take another name, as in my-$1"
}

check_script_name() {
    local module=${1%.py}
    [[ $1 =~ ^[a-z][a-z0-9_]*\.py$ ]] ||
        fail "'$1' is no name for a script: use a-z, 0-9 and _, as in my_loop.py"
    case " commands resp service single_server threaded_server " in
        *" $module "*) fail "demos/python/$1 is the kit's; take another name, as in my_loop.py" ;;
    esac
    # A script called like a module of Python would be imported in its place.
    ! python3 -c 'import importlib.util, keyword, sys
name = sys.argv[1]
sys.path = [folder for folder in sys.path if folder]
taken = keyword.iskeyword(name) or importlib.util.find_spec(name)
sys.exit(not taken)' "$module" 2>/dev/null ||
        fail "'$module' is a word or a module of Python; take another name, as in my_$module.py"
}

is_lab() { grep -qs '^\[package.metadata.lab\]$' "$1/Cargo.toml"; }

lab_kind() { sed -n 's/^from = "\(.*\)"$/\1/p' "$1/Cargo.toml" | head -n 1; }
