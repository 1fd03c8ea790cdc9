# cimnet's agent on a NixOS host. Nothing is installed there: ssh HOST sh -s -- VERB [ARGUMENT...] < agent.sh
#
#   look                              what the host is and runs; changes nothing
#   build ID NAME DIGEST SECONDS      unpack the flake that came as incoming.DIGEST, and build NAME's system from it
#   arm ID MINUTES                    let a timer of the host go back to what runs now, unless it is confirmed
#   activate ID                       run what was built, without booting it (nixos-rebuild test)
#   confirm ID                        stop the timer
#   keep ID                           boot what was built from now on (nixos-rebuild switch)
#   revert ID                         go back at once
#
# ID names the deployment; "-" is whichever is pending. Each verb may be run twice. Answers are lines "key value" on
# stdout, the first of them "agent 1"; what other programs say goes to stderr. Ends with 0, with 1 after a line
# "failed WHY", or with 3 after "refused WHY": then nothing was done. CIMNET_ROOT goes before every path; it is empty
# but for hosts that are simulated.

set -u
umask 077
root=${CIMNET_ROOT-}
state=$root/var/lib/cimnet-agent # of the agent alone: root runs what is in it
pending=$state/pending           # the deployment that is not settled: id, before, generation, system, boot, confirmed …
settled=$state/settled           # the last one that is, with its outcome
profile=$root/nix/var/nix/profiles/system
attempts=$root/run/cimnet-revert.attempts
kept=$root/nix/var/nix/gcroots/cimnet-before # keeps the garbage collector off what is gone back to

say() { printf '%s %s\n' "$1" "$2"; }
refuse() { say refused "$1"; exit 3; }
fail() { say failed "$1"; exit 1; }

value() { cat "$1" 2>/dev/null; }
without_root() { printf '%s' "${1#"$root"}"; }
running() { readlink -f "$root/run/current-system"; }
boot_id() { value "$root/proc/sys/kernel/random/boot_id"; }
seconds_up() { cut -d . -f 1 "$root/proc/uptime" 2>/dev/null; }

generation() { # the number of the generation that is booted next
    link=$(readlink "$profile") || return
    link=${link##*system-}
    printf '%s' "${link%-link}"
}

timer_runs() { systemctl is-active --quiet cimnet-revert.timer </dev/null >/dev/null 2>&1; }

works() { # UNIT: is at work, or will be again where it failed
    case $(systemctl is-active "$1" </dev/null 2>/dev/null) in
    active | activating | reloading | deactivating) ;;
    *) return 1 ;;
    esac
}

own_state() { # whoever else could change it could have root run what he likes
    if [ -e "$state" ] || [ -L "$state" ]; then
        [ -n "$(find "$state" -maxdepth 0 -type d -uid "$(id -u)" ! -perm /022)" ]
    fi
}

lock() { # one writer a host; the kernel frees it with its holder
    mkdir -p "$state" || fail "$state cannot be made"
    chmod 0700 "$state" 2>/dev/null
    # The folder itself: it opens on a full disk too. Without `command` a shell would end here, and say nothing.
    command exec 9<"$state" || fail "$state cannot be read"
    flock -w 5 9 || refuse "this host is busy: another command of cimnet is at work on it, or a build that one left behind (nixos-rebuild)"
}

settle() { # OUTCOME
    printf '%s\n' "$1" >"$pending/outcome"
    rm -rf "$settled"
    mv -T "$pending" "$settled"
    rm -f "$kept"
}

settle_rebooted() { # a host that rebooted meanwhile has booted its old generation
    [ -d "$pending" ] && [ "$(value "$pending/boot")" != "$(boot_id)" ] || return 0
    system=$(value "$pending/system")
    if [ -e "$pending/confirmed" ] && [ "$(running)" != "$system" ] && [ "$(readlink -f "$profile")" = "$system" ]; then
        # It lost its power in `keep`: the profile names what the boot loader does not know yet.
        nix-env -p "$profile" --switch-generation "$(value "$pending/generation")" </dev/null >&2 9>&-
    fi
    settle rebooted
}

is_pending() { # ID
    [ -d "$pending" ] && { [ "$1" = - ] || [ "$(value "$pending/id")" = "$1" ]; }
}

confirmed_lately() { # within two minutes, by a clock that nobody sets
    then=$(value "$pending/confirmed")
    [ -n "$then" ] && [ "$(($(seconds_up) - then))" -lt 120 ]
}

refuse_another() { # ID: another deployment that waits for its timer, or to be kept, is in the way
    settle_rebooted
    if [ -d "$pending" ] && ! is_pending "$1"; then
        # What was confirmed is kept at once, or never: then nobody waits for it.
        if timer_runs || works cimnet-revert.service || confirmed_lately; then
            refuse "the deployment $(value "$pending/id") is pending on this host"
        fi
        settle abandoned
    fi
}

detached() { # UNIT COMMAND...: runs on although the session breaks, as nixos-rebuild does; shows its output at the end
    unit=$1 log=$root/run/$1.log
    shift
    # In memory, since the disk may be full, and what says it may not be why nothing is done.
    (: >"$log") 2>/dev/null || log=/dev/null
    systemctl reset-failed "$unit.service" </dev/null >/dev/null 2>&1
    systemd-run --unit="$unit" --collect --quiet --wait --service-type=exec \
        --setenv=PATH="$PATH" --setenv=CIMNET_ROOT="$root" --setenv=LOCALE_ARCHIVE="${LOCALE_ARCHIVE-}" \
        /bin/sh -c 'log=$1; shift; exec "$@" >"$log" 2>&1' cimnet "$log" "$@" </dev/null >&2 9>&-
    status=$?
    cat "$log" >&2
    return "$status"
}

look() {
    say generation "$(generation)"
    say running "$(without_root "$(running)")"
    say uptime "$(seconds_up)"
    say booted "$(without_root "$(readlink -f "$root/run/booted-system")")"
    if [ -d "$pending" ] && [ "$(value "$pending/boot")" = "$(boot_id)" ]; then
        say pending "$(value "$pending/id")"
    fi
    if timer_runs || works cimnet-revert.service; then say revert-pending yes; else say revert-pending no; fi
    if [ -r "$root/etc/cimnet/host.nix" ]; then
        say module "$(base64 -w 0 <"$root/etc/cimnet/host.nix")"
    fi
    systemctl --failed --no-legend --plain </dev/null | while read -r unit _; do say failed-unit "$unit"; done
}

build() { # ID NAME DIGEST SECONDS
    lock
    refuse_another "$1"
    incoming=$state/incoming.$3
    printf '%s  %s\n' "$3" "$incoming" | sha256sum --check --status || refuse "the flake did not arrive whole"
    rm -rf "$state/built" "$state/deployment" "$state/result"
    mkdir "$state/deployment" && tar -xf "$incoming" -C "$state/deployment" >&2 || fail "the flake cannot be unpacked"
    rm -f "$incoming"
    find "$state" -maxdepth 1 -name 'incoming.*' -mtime +0 -exec rm -f {} +
    cd "$state" || fail "$state cannot be entered"
    timeout "$4" nixos-rebuild build --flake "path:$state/deployment#$2" </dev/null >&2 9>&-
    status=$?
    [ "$status" -ne 124 ] || fail "the system was not built within $4 seconds"
    [ "$status" -eq 0 ] || fail "nixos-rebuild build ended with $status"
    system=$(readlink -f "$state/result") && [ -d "$system" ] || fail "nixos-rebuild build left no result"
    printf '%s\n%s\n' "$1" "$system" >"$state/built.new"
    mv "$state/built.new" "$state/built"
    say system "$(without_root "$system")"
}

built() { { read -r id && read -r system; } <"$state/built" 2>/dev/null; } # sets id and system

remember() { # ID SYSTEM: what runs and boots now, all at once
    new=$state/pending.new
    rm -rf "$new"
    mkdir "$new" || return
    printf '%s\n' "$1" >"$new/id" &&
        printf '%s\n' "$2" >"$new/system" &&
        running >"$new/before" &&
        generation >"$new/generation" &&
        boot_id >"$new/boot" &&
        ln -sfn "$(running)" "$kept" && sync && mv "$new" "$pending"
}

arm() { # ID MINUTES
    lock
    refuse_another "$1"
    built && [ "$id" = "$1" ] || refuse "this host is busy: what was built last on it is not of the deployment $1"
    [ -d "$pending" ] || remember "$1" "$system" || fail "what runs now cannot be remembered in $state"
    rm -f "$pending/confirmed" "$pending/reverting" "$attempts" || fail "$pending cannot be written"
    revert_script >"$state/revert.sh.new" && mv "$state/revert.sh.new" "$state/revert.sh" || fail "no room in $state"
    systemctl stop cimnet-revert.timer cimnet-revert.service </dev/null >/dev/null 2>&1
    systemctl reset-failed cimnet-revert.service </dev/null >/dev/null 2>&1
    # Timers are a minute late otherwise. What fails once, as where another holds a lock, is tried again.
    systemd-run --unit=cimnet-revert --collect --quiet --on-active="$2m" --timer-property=AccuracySec=1s \
        --property=Restart=on-failure --property=RestartSec=30s \
        --description="go back to the system before cimnet's deployment" \
        --setenv=PATH="$PATH" --setenv=CIMNET_ROOT="$root" --setenv=LOCALE_ARCHIVE="${LOCALE_ARCHIVE-}" \
        /bin/sh "$state/revert.sh" timer "$1" </dev/null >&2 9>&-
    if ! timer_runs; then
        [ -e "$pending/activated" ] || settle "not armed"
        fail "systemd-run started no timer"
    fi
    say armed "$2"
}

activate() { # ID
    lock
    settle_rebooted
    is_pending "$1" || refuse "no timer was set for the deployment $1: $(value "$settled/outcome")"
    system=$(value "$pending/system")
    if [ ! -e "$pending/activated" ] || [ "$(running)" != "$system" ]; then
        timer_runs || refuse "no timer runs on this host"
        detached cimnet-activate "$system/bin/switch-to-configuration" test
        status=$?
        [ "$status" -eq 0 ] || fail "switch-to-configuration test ended with $status"
        [ "$(running)" = "$system" ] || fail "the host does not run what was activated"
        touch "$pending/activated" || fail "$pending cannot be written"
    fi
    say running "$(without_root "$system")"
}

confirm() { # ID
    lock
    settle_rebooted
    if ! is_pending "$1" || [ -e "$pending/reverting" ]; then
        say confirmed no
        return
    fi
    if [ -e "$pending/activated" ] && [ "$(running)" != "$(value "$pending/system")" ]; then
        # It has gone back, and could not note it.
        say confirmed no
        return
    fi
    # A timer that goes off in this moment waits for the lock, and finds this: it is there whole, or not at all.
    if ! seconds_up >"$pending/confirmed.new" || ! mv "$pending/confirmed.new" "$pending/confirmed"; then
        fail "$pending cannot be written"
    fi
    sync
    systemctl stop cimnet-revert.timer </dev/null >&2
    if [ ! -e "$pending/activated" ] && [ "$(running)" != "$(value "$pending/system")" ]; then
        settle "never activated"
    fi
    say confirmed yes
}

keep() { # ID
    lock
    settle_rebooted
    if is_pending "$1"; then
        system=$(value "$pending/system")
        [ -e "$pending/confirmed" ] || refuse "the deployment is not confirmed"
        [ "$(running)" = "$system" ] || refuse "the host does not run what was deployed"
        nix-env -p "$profile" --set "$system" </dev/null >&2 9>&- || fail "nix-env --set ended with $?"
        detached cimnet-keep "$system/bin/switch-to-configuration" boot || fail "the boot loader was not written"
        generation >"$pending/generation"
        settle kept
    elif [ "$(value "$settled/outcome")" != kept ] || { [ "$1" != - ] && [ "$(value "$settled/id")" != "$1" ]; }; then
        refuse "no deployment $1 is pending on this host"
    fi
    say generation "$(value "$settled/generation")"
}

went_back() { # what is settled; on a full disk there is no outcome
    case $(value "$settled/outcome") in
    reverted:*) ;;
    '') [ "$(running)" = "$(value "$settled/before")" ] ;;
    *) return 1 ;;
    esac
}

revert() { # ID
    if is_pending "$1" && [ "$(value "$pending/boot")" != "$(boot_id)" ]; then
        lock
        settle_rebooted
    fi
    # Not locked: an activation that hangs holds the lock, and is what this has to end.
    if ! is_pending "$1"; then
        say reverted no
        return
    fi
    id=$(value "$pending/id")
    detached cimnet-revert-now /bin/sh "$state/revert.sh" asked "$id"
    status=$?
    # Where somebody else asked for it too, this one was not started.
    while works cimnet-revert-now.service; do sleep 0.2; done
    if is_pending "$id"; then
        # It has gone back, and perhaps could not note it.
        [ "$status" -eq 0 ] && [ "$(running)" = "$(value "$pending/before")" ] || fail "going back ended with $status"
        say reverted yes
    elif [ "$(value "$settled/id")" = "$id" ] && went_back; then
        say reverted yes
    else
        say reverted no
    fi
}

revert_script() { # what goes back; it stays on the host, since nobody may be there to send it
    cat <<'END'
# Goes back to what the host ran before cimnet's deployment: revert.sh timer|asked ID
set -u
root=${CIMNET_ROOT-}
state=$root/var/lib/cimnet-agent
pending=$state/pending
attempts=$root/run/cimnet-revert.attempts # in memory, since the disk may be why it fails
profile=$root/nix/var/nix/profiles/system

# To be noted is good, to have gone back is what counts: nothing that cannot be written ends this. A shell ends where
# exec or : cannot open its file; it does not with `command` before it.
failed() {
    if [ "$mode" = timer ]; then
        times=$(($(cat "$attempts" 2>/dev/null) + 1))
        echo "$times" >"$attempts"
        # systemd runs this again. In the end the host boots, and that is the old system: what was activated was made
        # no generation, or is none any more.
        [ "$times" -lt 5 ] || systemctl reboot
    fi
    exit 1
}

mode=$1
# What hangs in its activation holds the lock.
systemctl stop cimnet-activate.service
if ! command exec 9<"$state" || ! flock -w 30 9; then echo "the lock is held; going back all the same"; fi
[ -d "$pending" ] || exit 0
id=$(cat "$pending/id") || failed
[ "$id" = "$2" ] || exit 0
if [ "$mode" = timer ] && [ -e "$pending/confirmed" ]; then exit 0; fi
touch "$pending/reverting"

before=$(cat "$pending/before")
generation=$(cat "$pending/generation")
if [ "$(readlink "$profile")" != "system-$generation-link" ]; then
    nix-env -p "$profile" --switch-generation "$generation" 9>&-
    "$profile/bin/switch-to-configuration" boot 9>&-
fi
# It takes up again what it could not do at first. The link alone tells what runs: it counts, whatever the end.
"$before/bin/switch-to-configuration" test 9>&- || "$before/bin/switch-to-configuration" test 9>&- ||
    echo "switch-to-configuration test ended with $?"
[ "$(readlink -f "$root/run/current-system")" = "$before" ] || failed

echo "reverted: $mode" >"$pending/outcome"
rm -rf "$state/settled"
mv -T "$pending" "$state/settled"
rm -f "$root/nix/var/nix/gcroots/cimnet-before" "$attempts"
systemctl stop cimnet-revert.timer
# One that failed before waits to be run again; but this is no command for itself.
[ "$mode" = timer ] || systemctl stop cimnet-revert.service
exit 0
END
}

main() {
    say agent 1
    own_state || fail "$state is not a folder of this user that nobody else can write to: move it away, or make it so"
    case ${1-} in
    look | build | arm | activate | confirm | keep | revert) "$@" ;;
    *) refuse "no verb of the agent: ${1-}" ;;
    esac
}

# The last line: a script of which a part is lost on the way does nothing.
main "$@"
