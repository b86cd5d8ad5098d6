//! Which addresses are not of the internet at large.
//!
//! IPv4: everything outside the special-purpose registry and multicast. IPv6: global unicast, `2000::/3`, outside the
//! special-purpose registry; the two forms that stand for an IPv4 host which the machine reaches by IPv6 are judged as
//! that host.
//!
//! <https://www.iana.org/assignments/iana-ipv4-special-registry>, <https://www.iana.org/assignments/iana-ipv6-special-registry>

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What the range is for, if the address is in one that no server of the public internet lives in.
pub(super) fn special_use(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => special_use_v4(address),
        IpAddr::V6(address) => special_use_v6(address),
    }
}

fn special_use_v4(address: Ipv4Addr) -> Option<&'static str> {
    let bits = address.to_bits();
    SPECIAL_V4
        .iter()
        .find(|(network, length, _)| (bits ^ network.to_bits()) >> (32 - length) == 0)
        .map(|(.., range)| *range)
}

fn special_use_v6(address: Ipv6Addr) -> Option<&'static str> {
    let bits = address.to_bits();
    let within = |network: Ipv6Addr, length: u32| (bits ^ network.to_bits()) >> (128 - length) == 0;
    // The last 32 bits, which is where the forms below carry their IPv4 address.
    let embedded = || special_use_v4(Ipv4Addr::from_bits(bits as u32));

    // The socket API's way to write an IPv4 address: connecting to it is connecting to that.
    if within(IPV4_MAPPED, 96) {
        return embedded();
    }
    // What a DNS64 resolver answers on a network without IPv4 (RFC 6147); a translator turns it into that address.
    if within(NAT64, 96) {
        return embedded();
    }
    if !within(GLOBAL_UNICAST, 3) {
        return Some("outside global unicast 2000::/3, RFC 4291");
    }
    if let Some((.., range)) = SPECIAL_V6.iter().find(|(network, length, _)| within(*network, *length)) {
        return Some(range);
    }
    // ISATAP, RFC 5214 §6.1: an interface identifier (0000 or 0200):5efe:a.b.c.d under any prefix tunnels to a.b.c.d.
    let interface = (bits >> 32) as u32;
    if interface & !0x0200_0000 == 0x0000_5efe {
        return embedded();
    }
    None
}

const GLOBAL_UNICAST: Ipv6Addr = Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0);
/// RFC 4291 §2.5.5.2.
const IPV4_MAPPED: Ipv6Addr = Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0);
/// RFC 6052 §2.1, the well-known prefix.
const NAT64: Ipv6Addr = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);

/// Network, prefix length (1..=32), what it is for. Entries of the registry that lie inside another are not repeated.
const SPECIAL_V4: &[(Ipv4Addr, u32, &str)] = &[
    // 0.0.0.0 connects to this very machine on most systems.
    (Ipv4Addr::new(0, 0, 0, 0), 8, "this network, RFC 791"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private use, RFC 1918"),
    // The inside of a carrier's NAT, and of several clouds and overlay networks.
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared address space, RFC 6598"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback, RFC 1122"),
    // Among them 169.254.169.254, where clouds hand out credentials.
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link local, RFC 3927"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private use, RFC 1918"),
    // Among them 192.0.0.192, another cloud's metadata service; and the anycast of PCP and TURN, the router's own.
    (Ipv4Addr::new(192, 0, 0, 0), 24, "IETF protocol assignments, RFC 6890"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation, RFC 5737"),
    // A name server that each network may run for itself; reachable, but no server of the fediverse.
    (Ipv4Addr::new(192, 31, 196, 0), 24, "AS112, RFC 7535"),
    (Ipv4Addr::new(192, 52, 193, 0), 24, "AMT relays, RFC 7450"),
    // Whoever relays, decides where it ends.
    (Ipv4Addr::new(192, 88, 99, 0), 24, "6to4 relay anycast, RFC 7526"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private use, RFC 1918"),
    (Ipv4Addr::new(192, 175, 48, 0), 24, "AS112, RFC 7534"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarking, RFC 2544"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation, RFC 5737"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation, RFC 5737"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast, RFC 5771"),
    // Up to the limited broadcast address. Some networks use it like 10/8.
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved, RFC 1112"),
];

/// As above, inside `2000::/3`.
const SPECIAL_V6: &[(Ipv6Addr, u32, &str)] = &[
    // Among them Teredo 2001::/32, which tunnels to an IPv4 address, benchmarking, ORCHID, and the anycast of PCP and TURN.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "IETF protocol assignments, RFC 2928"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "documentation, RFC 3849"),
    // Tunnels to the IPv4 address in its bits 16 to 47; retired, so public ones are refused with the private.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "6to4, RFC 3056"),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48, "AS112, RFC 7534"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "documentation, RFC 9637"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(address: &str) -> Option<&'static str> {
        special_use(address.parse().unwrap())
    }

    /// The same registry, told as ranges from first to last address, in order.
    const RANGES_V4: [(&str, &str); 18] = [
        ("0.0.0.0", "0.255.255.255"),
        ("10.0.0.0", "10.255.255.255"),
        ("100.64.0.0", "100.127.255.255"),
        ("127.0.0.0", "127.255.255.255"),
        ("169.254.0.0", "169.254.255.255"),
        ("172.16.0.0", "172.31.255.255"),
        ("192.0.0.0", "192.0.0.255"),
        ("192.0.2.0", "192.0.2.255"),
        ("192.31.196.0", "192.31.196.255"),
        ("192.52.193.0", "192.52.193.255"),
        ("192.88.99.0", "192.88.99.255"),
        ("192.168.0.0", "192.168.255.255"),
        ("192.175.48.0", "192.175.48.255"),
        ("198.18.0.0", "198.19.255.255"),
        ("198.51.100.0", "198.51.100.255"),
        ("203.0.113.0", "203.0.113.255"),
        ("224.0.0.0", "239.255.255.255"),
        ("240.0.0.0", "255.255.255.255"),
    ];

    fn ranges_v4() -> Vec<(u32, u32)> {
        let bits = |text: &str| text.parse::<Ipv4Addr>().unwrap().to_bits();
        RANGES_V4.iter().map(|(first, last)| (bits(first), bits(last))).collect()
    }

    #[test]
    fn every_ipv4_range_begins_and_ends_where_the_registry_says() {
        let ranges = ranges_v4();
        let special = |bits: u32| ranges.iter().any(|&(first, last)| (first..=last).contains(&bits));
        for &(first, last) in &ranges {
            for bits in [first.wrapping_sub(1), first, first + 1, last - 1, last, last.wrapping_add(1)] {
                let address = Ipv4Addr::from_bits(bits);
                assert_eq!(special_use_v4(address).is_some(), special(bits), "{address}");
            }
        }
    }

    /// All 2³² addresses; the second telling is walked, not searched, so neither can hide the other's mistakes.
    #[test]
    #[ignore = "minutes in a debug build; CI runs it in release"]
    fn every_ipv4_address_is_judged_as_the_registry_says() {
        let mut next = 0_u32;
        for (first, last) in ranges_v4() {
            for bits in next..first {
                assert_eq!(special_use_v4(Ipv4Addr::from_bits(bits)), None, "{}", Ipv4Addr::from_bits(bits));
            }
            for bits in first..=last {
                assert!(special_use_v4(Ipv4Addr::from_bits(bits)).is_some(), "{}", Ipv4Addr::from_bits(bits));
            }
            next = last.wrapping_add(1);
        }
        assert_eq!(next, 0, "the last range ends with the last address");
    }

    #[test]
    fn every_ipv6_range_begins_and_ends_where_the_registry_says() {
        for (last_before, first, last, first_after) in [
            (
                "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "2001::",
                "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
                "2001:200::",
            ),
            (
                "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
                "2001:db8::",
                "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
                "2001:db9::",
            ),
            (
                "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "2002::",
                "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "2003::",
            ),
            (
                "2620:4f:7fff:ffff:ffff:ffff:ffff:ffff",
                "2620:4f:8000::",
                "2620:4f:8000:ffff:ffff:ffff:ffff:ffff",
                "2620:4f:8001::",
            ),
            (
                "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "3fff::",
                "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
                "3fff:1000::",
            ),
        ] {
            assert_eq!(judge(last_before), None, "{last_before}");
            assert!(judge(first).is_some(), "{first}");
            assert!(judge(last).is_some(), "{last}");
            assert_eq!(judge(first_after), None, "{first_after}");
        }
        assert!(judge("1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").is_some());
        assert_eq!(judge("2000::"), None);
        assert_eq!(judge("3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), None);
        assert!(judge("4000::").is_some());
    }

    #[test]
    fn an_embedded_ipv4_address_is_judged_too() {
        for (special, public) in [
            ("::ffff:127.0.0.1", "::ffff:1.1.1.1"),
            ("::ffff:7f00:1", "::ffff:808:808"),
            ("::ffff:169.254.169.254", "::ffff:9.9.9.9"),
            ("64:ff9b::a00:1", "64:ff9b::808:808"),
            ("64:ff9b::127.0.0.1", "64:ff9b::1.1.1.1"),
            ("2606:4700::5efe:192.168.0.1", "2606:4700::5efe:1.1.1.1"),
            ("2606:4700::200:5efe:10.0.0.1", "2606:4700::200:5efe:1.1.1.1"),
        ] {
            assert!(judge(special).is_some(), "{special}");
            assert_eq!(judge(public), None, "{public}");
        }
    }

    #[test]
    fn addresses_attackers_have_used_are_refused() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.192",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::1.1.1.1",
            "64:ff9b:1::7f00:1",
            "64:ff9b:1::1.1.1.1",
            "100::1",
            "2002:7f00:1::",
            "2002:101:101::",
            "2001:0::",
            "2001:0:7f00:1::",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2001:db8::1",
            "3fff::1",
            "5f00::1",
            "2001:10::1",
            "2001:2::1",
        ] {
            assert!(judge(address).is_some(), "{address}");
        }
    }

    #[test]
    fn servers_of_the_internet_are_let_through() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a01:4f8::1",
            "2001:4860:4860::8888",
        ] {
            assert_eq!(judge(address), None, "{address}");
        }
    }
}
