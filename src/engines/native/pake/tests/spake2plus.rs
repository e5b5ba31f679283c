//! SPAKE2+: the vectors of RFC 9383, appendix C. Both sides are given their secrets.

use super::super::spake2plus;
use super::*;
use crate::engines::native::groups;

struct Vector {
    context: &'static str,
    bits: usize,
    alg: Algorithm,
    w0: &'static str,
    w1: &'static str,
    l: &'static str,
    x: &'static str,
    share_p: &'static str,
    y: &'static str,
    share_v: &'static str,
    confirm_p: &'static str,
    confirm_v: &'static str,
    shared: &'static str,
}

const VECTORS: [Vector; 7] = [
    Vector {
        context: "SPAKE2+-P256-SHA256-HKDF-SHA256-HMAC-SHA256 Test Vectors",
        bits: 256,
        alg: Algorithm::spake2p_hmac(Algorithm::SHA_256),
        w0: "bb8e1bbcf3c48f62c08db243652ae55d3e5586053fca77102994f23ad95491b3",
        w1: "7e945f34d78785b8a3ef44d0df5a1a97d6b3b460409a345ca7830387a74b1dba",
        l: "04eb7c9db3d9a9eb1f8adab81b5794c1f13ae3e225efbe91ea487425854c7fc00f00bfedcbd09b2400142d40a14f2064\
            ef31dfaa903b91d1faea7093d835966efd",
        x: "d1232c8e8693d02368976c174e2088851b8365d0d79a9eee709c6a05a2fad539",
        share_p: "04ef3bd051bf78a2234ec0df197f7828060fe9856503579bb1733009042c15c0c1de127727f418b5966afadfdd95a6e4\
            591d171056b333dab97a79c7193e341727",
        y: "717a72348a182085109c8d3917d6c43d59b224dc6a7fc4f0483232fa6516d8b3",
        share_v: "04c0f65da0d11927bdf5d560c69e1d7d939a05b0e88291887d679fcadea75810fb5cc1ca7494db39e82ff2f50665255d\
            76173e09986ab46742c798a9a68437b048",
        confirm_p: "926cc713504b9b4d76c9162ded04b5493e89109f6d89462cd33adc46fda27527",
        confirm_v: "9747bcc4f8fe9f63defee53ac9b07876d907d55047e6ff2def2e7529089d3e68",
        shared: "0c5f8ccd1413423a54f6c1fb26ff01534a87f893779c6e68666d772bfd91f3e7",
    },
    Vector {
        context: "SPAKE2+-P256-SHA512-HKDF-SHA512-HMAC-SHA512 Test Vectors",
        bits: 256,
        alg: Algorithm::spake2p_hmac(Algorithm::SHA_512),
        w0: "1cc5207d6e34b8f7828206fb64b86aa9c712bc952abf251bb9f5856b24d8c8cc",
        w1: "4279649e62532b01dc27d2ed39100ba350518fb969672061a01edce752d0e672",
        l: "043a348ad475d2200d46df876f1eb2e136056da31dafff52cc7762bf3be84de0097c4e69b0b9321326af1f0af4a14561\
            a9c7b640cb5afd6822d14cb34830fc4511",
        x: "b586ab83f175c1a2b56b6a1b6a283523f88a9befcf11e22efb48e2ee1fe69a23",
        share_p: "04a7928c4b47f6b8657a5b8ebcb6f1bd266192e152fb9745a4180c94657a2f323b4d50d536c0325cdb0ec42c9bd8db8d\
            7af3ff6dc85edb4b5365375c62e09def4a",
        y: "ac1fb828f041782d452ea9cc00c3fa34a55fa8f7f98c04be45a3d607b092d441",
        share_v: "04498c29e37dbd53ebf8db76679901d90c6be3af57f46ac3025b32420839f0489c6c3b6bf5ddc8ecbc3d7c83d0891ad8\
            14a00ad23eba13197c9d96a5b10275e35d",
        confirm_p: "6b2469b56cf8ac3f94a8d0b533380ea6b3d0f46b3e12ee82550d49e129c2412728c9437a64ee5f80c8cdc5e8a30faa0a\
            6deb8a5251346ba81bb6fc955b2304fc",
        confirm_v: "154174fc278a935e290b3352ba877e179fa9281c0a76928faea703c72d383b267511a5cf084cb07147efece94e3cfd91\
            944e7baab856858fbebc087167b0f409",
        shared: "11887659d9e002f34fa6cc270d33570f001b2a3fc0522b643c07327d09a4a9f47aab85813d13c585b53adf5ac9de5707\
            114848f3dc31a4045f69a2cc1972b098",
    },
    Vector {
        context: "SPAKE2+-P384-SHA256-HKDF-SHA256-HMAC-SHA256 Test Vectors",
        bits: 384,
        alg: Algorithm::spake2p_hmac(Algorithm::SHA_256),
        w0: "097a61cbb1cee72bb654be96d80f46e0e3531151003903b572fc193f233772c23c22228884a0d5447d0ab49a656ce1d2",
        w1: "18772816140e6c3c3938a693c600b2191118a34c7956e1f1cd5b0d519b56ea5858060966cfaf27679c9182129949e74f",
        l: "04f27dd5384d6b9beb4c5022c94b1978d632779e1d3abe458611e734a529d004e25053398e5dc9eeaa4ffa59743ca7dd\
            bc0e7ce69155295cb2b846da83ee6a44490dd8e96bb0b0f6645281bfd978dd5f6836561ea0d8b2c045ff04cef2e5873d\
            2c",
        x: "2f1bdbeda162ff2beba0293d3cd3ae95f663c53663378c7e18ee8f56a4a48b00d31ce0ef43606548da485058f12e8e73",
        share_p: "049fb0404ca7ce71fb85d3aaa8fd05fa054affac996135bc245149be09571e43e2bf76e00d6d52ac452b8224f6b9da31\
            420a4f5e214b377546daad4d61da5ca0cfdea59a5a92ebdb6b42da5d14663b8d1f9eb97050139ab89788e0ada27b048f\
            cf",
        y: "bbcaf02404a16ed4fa73b183f703a8d969386f3d34f5e98b3a904e760512f11757f07dfcf87a2ada8fc6d028445bd53e",
        share_v: "0493b1c1f6a30eac4ac4a15711e44640bae3576787627ee25411042981e94b2e9604b9374f66bb247bc431759212ef3f\
            a0a20c087863b89efb32219e1337ce94be2175f8cb9fd50cf0b84772717fd063c52b69de1229a01ab840b55993287f32\
            ed",
        confirm_p: "7ae825e242a5a1f86ad7db172c2c12fcb458b6a2b1ddfc96b2b7cfd2eed5f7ab",
        confirm_v: "1581062167d6a3d14493447cd170d408f6fdc58e31225438db86214167426a7a",
        shared: "99758e838ae1a856589689fb55b6befe4e2382e6ebbeca1a6232a68f9dc04c1a",
    },
    Vector {
        context: "SPAKE2+-P384-SHA512-HKDF-SHA512-HMAC-SHA512 Test Vectors",
        bits: 384,
        alg: Algorithm::spake2p_hmac(Algorithm::SHA_512),
        w0: "b8d44a0982b88abe19b724d4bdafba8c90dc93130e0bf4f8062810992326da126fd01db53e40250ca33a3ff302044cb0",
        w1: "2373e2071c3bb2a6d53ece57830d56f8080189816803c22375d6a4a514f9d161b64d0f05b97735b98b348f9b33cc2e30",
        l: "049ca7217ff6456bb2e2bcf71b31d9b1e5ed6e0c9700936ae617e990cee87ee1ce3a03629dd5532948c39b89f38b39f1\
            3c7f513c5b1ada00f6533a4a8b02b9cd04e1b2a5db1f24ec5fe959198a19666037e04b768cc02e75ac9da0048736db6e\
            5b",
        x: "5a835d52714f30d2ef539268b89df9558628400063dfa0e41eb979066f4caf409bbf7aab3ddddea13f1b070a1827d3d4",
        share_p: "042f382eef464a2c9aecfdf4b81d25c4de2de113ba67405ce336c762c69217ae7e27bda875144140d7536c4cc08b9b4d\
            ace5f872a6a2ed57f34042688ad3c5d446c187dc0caf9cea812df3a4dd6fdbc64b9d7d7d7ff4bf6965abb06eeb108d55\
            ee",
        y: "c883ee5b08cf7ba122038c279459ab1a730f85f2d624a02732d519faab56a498e773a8dec6c447ed02d5c00303a18bc4",
        share_v: "04d72e11eee332305062454c0a058b8103a3304785d445510cd8d101e9cb44cfb159cb7b72123abaf719ab1c42e0558c\
            84c14b0886e8b446e4c880bff2f4b291fafafc748cb4115824e66732bdeba7fae176388e228ab9d7546255994ca3fb5a\
            52",
        confirm_p: "7f806ae56ea3e49a8b16ffee528086489418913641f529d50ff92aa456ad4648e522f9540b403bff6bd94ee1adc95c7d\
            1b2666f7ba6f9c10748bc7bfb4181d27",
        confirm_v: "8daa262decb79cceda4421f4f8dacf22ec027c08e036f071beea563c8e00813a29807963ff9d7d6bbff48dd5bdcdd9ca\
            9fd7ffc272b162258d981913f7253dcb",
        shared: "31e0075a823b9269af5769d71ef3b2f5001cbfe044584fe8551124a217dad078415630bf3eda16b5a38341d418a6d72b\
            3960f818a0926f0de88784b59d6a694b",
    },
    Vector {
        context: "SPAKE2+-P521-SHA512-HKDF-SHA512-HMAC-SHA512 Test Vectors",
        bits: 521,
        alg: Algorithm::spake2p_hmac(Algorithm::SHA_512),
        w0: "009c79bcd7656716314fca5a6e2c5cda7ef86131399438e012a043051e863f60b5aeb3c101731e1505e721580f48535a\
            9b0456b231b9266ae6fff49ee90d25f72f5f",
        w1: "01632c15f51fcd916cd79e19075f8a69b72b0099922ad62ff8d540b469569f0aa027047aed2b3f242ea0ac4288b4e4db\
            6a4e5946d8ad32b42192c5aa66d9ef8e1b33",
        l: "040135072d0fa36f9e80031294cef5c3c35b882a0efa2c66570d64a49f8bec6c66435bf65bb7c7b2a3e7dece491e02b4\
            d567e7087dbc32fe0fae8af417dcb50be6d704012a194588b690e6d3db492656f72ddea01fc1c7fcec0f5d34a5af0102\
            939f6fdeae39c20cff74fcdb7f09855f0fc9520d20b0520b0b096b8d42c7c3d68b4a66f751",
        x: "00b69e3bb15df82c9fa0057461334e2c66ab92fc9b8d3662eec81216ef5ddc4a43f19e90dedaa2d72502f69673a11598\
            4ffcf88e03a9364b07102114c5602cd93c69",
        share_p: "0400a14431edf6852ff5fe868f8683e16e9e0a45d9e27f9a96442285ac6b161fc0bf267362a5ffb06f9cbd14b7a37e49\
            2146d77cae4c77812df00a91dbae09e27e1fac00ae019317ef9768548325bca35ce258e6206fe03c6338b2eb889d09d9\
            f11400a36cf6328a7e1f81c6c7a2af7ff1d9b5210768318f27e57b75b39b9fbfc7b37a60ab",
        y: "0056d01c5246fbde964c0493934b7ece89eafd943eb27d357880a2a22022499e249528c5707b1afe8794c8a1d60ceeda\
            eed96dd0dd904ea075f096c9fec5da7de496",
        share_v: "0401aa5af0f3027f63b7170572db5ff06dd1f3d6ea8ea771b26b434fbbc6c9de7d80975131c9c2e94d30c0ed2d62449c\
            4c1b7e95037a85ed7598e415a259126365e89500d0f2156b551b70416d719944736990f346f6f9ba4fbaf2f63e098736\
            90bcf730582e0a7b03ffede50f5787b631d5021a94287f0a29a081b62b9f5a3bf393b001b3",
        confirm_p: "f0f5c903dfa42fe367659656a26058cd984b76a8e91ae4d0fa4c13db149008e2ae57713fb230a627761174fefd263b9c\
            10e9a4b6a3746cde59c5943040c17133",
        confirm_v: "a8f7ab43f3a800171d3a3fb26d742e1ed236c2d5804ecd328f220a7d245cd2e3bfb6c0526983bff9229c94f70fe64ba9\
            bb5a4d0dc10afcda64a4c96d4c3d81ad",
        shared: "d1c170e4e55efacb9db8abad286293ebd1dcf24f13973427b9632bbc323e42e447afca2aa7f74f2af3fb5f51684ec543\
            db854b7002cde6799c330b032ba8820a",
    },
    Vector {
        context: "SPAKE2+-P256-SHA256-HKDF-SHA256-CMAC-AES-128 Test Vectors",
        bits: 256,
        alg: Algorithm::spake2p_cmac(Algorithm::SHA_256),
        w0: "9aad90c603cf16cec4ee40d81acd7a865130b28cc6d0664ae2e0f406aa47ed61",
        w1: "872be859cec1e78d191882bd9c2f032af018a25016813788fe8954bfffc58c8e",
        l: "04d79a53698c5dd79e14b426e73b4a7f1b42469815fe24e8f53ce01579e902eb198d59f05bc451c41826b88e3db5476a\
            69e197fdf474c75b387f6d40361c3fda35",
        x: "9d39a3511a007a7d3fe6af5555cf60301bcda503f2bf6634b2caf9e4fd0743a1",
        share_p: "04788218027ba4b17f7279ef0aef47a8733cf88b5bf65d6127ecadc78b8a0f65b9001f7e54719fb63c072ddd1e1a4adf\
            b376dde37ba1aa2082362b6c2ca14a8e53",
        y: "9c3219841626325c68d89c22fb6c55611e3136442daa8b9b784db7242afff3ed",
        share_v: "04c05953ea9d1cd6248b8c61becd7d55e46237526d8b1e23495ea7566b7f6bc24b3da1cfb2e88a975fcfb5dc4e72b5cb\
            ea509b1cfdd1ef8f8195fa8bf2bd5ca1e5",
        confirm_p: "d340bc94a03feafd14491e316514ca5f",
        confirm_v: "2b42d0fe76bcf9ccc208d06d60082f96",
        shared: "e832094adfc028bf288e49ab902fc208b7eeff084f259da7613c0479869d4fc9",
    },
    Vector {
        context: "SPAKE2+-P256-SHA512-HKDF-SHA512-CMAC-AES-128 Test Vectors",
        bits: 256,
        alg: Algorithm::spake2p_cmac(Algorithm::SHA_512),
        w0: "56e0299ac95739b616a973276c1338e3651285345dde2f7faf74c25c0b50eb90",
        w1: "462fe5b522a17d3d35b27323113bdd252de9cbfdd6f264b35721bf59a9a74f0b",
        l: "040540332ffec8a2faa8d17ae6da5973c11e078b8c10c89fd6af996726b8023513eff2914c3ced64fbedd4e261438fb0\
            ea6ef9fc1faef4ba1ead780636faac1bc1",
        x: "254dd22780eeb6af2464dd6a2bd026b46a34966d6933607f1be956314f74b0ea",
        share_p: "049661cfdb0f7bd24b637f8d1d0f464c17f0b9c15129ea31156dcc581da6c840240b275d72f28ea73a5c088c99d73896\
            af24a5ae26e036eb2dedaf26e511a24a48",
        y: "695beec24305fbd5660bc200228598e7c891fdf60a55df4bdd3a57debc38474a",
        share_v: "0461f580eb3eb4b2f412d5c07491f360ad6e4492d8f23e346f0ba999fbbcb9715a3c2485c3b250a6672e6698da3c9a97\
            25645f607ee90a9b1b34fd44b9df6e551a",
        confirm_p: "0dc514d262e37470eb43e058e0d615f4",
        confirm_v: "de076589efcd5d96c2ea6061d96772d9",
        shared: "488a34663d6be5e02590bb8e9ad9ad3e0f580dec41e8b99ed4ae4b734da49287638cac4c9f17fe3c3ae18dda0d6d7f14\
            c17e4640d5a2aaab959efa0cbea4e546",
    },
];

fn secp_r1(bits: usize) -> PakePrimitive {
    PakePrimitive::new(PakePrimitive::TYPE_ECC, EccFamily::SECP_R1.0, bits)
}

fn edwards(bits: usize) -> PakePrimitive {
    PakePrimitive::new(PakePrimitive::TYPE_ECC, EccFamily::TWISTED_EDWARDS.0, bits)
}

fn parties(role: PakeRole, context: &str) -> PakeParties {
    let (user, peer) = if role == PakeRole::CLIENT { ("client", "server") } else { ("server", "client") };
    PakeParties { role, user: user.into(), peer: peer.into(), context: Some(context.into()) }
}

/// The two sides with their registrations; the server has no w1.
fn sides(suite: PakeSuite, context: &str, w0: &str, w1: &str) -> [spake2plus::Spake2Plus; 2] {
    let group = groups::of(suite.primitive).unwrap();
    let scalar = |hexadecimal| group.order().parse(&hex(hexadecimal)).unwrap();
    let l = group.combine(&[(&scalar(w1), groups::Element::Generator)]).unwrap();
    [(PakeRole::CLIENT, Some(scalar(w1))), (PakeRole::SERVER, None)].map(|(role, w1)| {
        let registration = spake2plus::Registration { w0: scalar(w0), w1, l: l.clone() };
        spake2plus::Spake2Plus::new(suite, parties(role, context), registration).unwrap()
    })
}

/// Runs an exchange with given secrets; returns both shares, both confirmations and the secret.
fn run(mut sides: [spake2plus::Spake2Plus; 2], suite: PakeSuite, x: &str, y: &str) -> [Secret; 5] {
    let group = groups::of(suite.primitive).unwrap();
    let [prover, verifier] = &mut sides;
    let share_p = prover.share_of(group.order().parse(&hex(x)).unwrap()).unwrap();
    verifier.input(PakeStep::KEY_SHARE, &share_p).unwrap();
    let share_v = verifier.share_of(group.order().parse(&hex(y)).unwrap()).unwrap();
    prover.input(PakeStep::KEY_SHARE, &share_v).unwrap();
    let confirm_v = verifier.output(PakeStep::CONFIRM).unwrap();
    prover.input(PakeStep::CONFIRM, &confirm_v).unwrap();
    let confirm_p = prover.output(PakeStep::CONFIRM).unwrap();
    verifier.input(PakeStep::CONFIRM, &confirm_p).unwrap();
    let shared = prover.shared_secret().unwrap();
    assert_eq!(shared, verifier.shared_secret().unwrap());
    [share_p, share_v, confirm_p, confirm_v, shared]
}

#[test]
fn rfc_9383() {
    for vector in &VECTORS {
        let suite = PakeSuite { alg: vector.alg, primitive: secp_r1(vector.bits) };
        let group = groups::of(suite.primitive).unwrap();
        let w1 = group.order().parse(&hex(vector.w1)).unwrap();
        let l = group.combine(&[(&w1, groups::Element::Generator)]).unwrap();
        assert_eq!(*l, hex(vector.l), "{}", vector.context);
        let results = run(sides(suite, vector.context, vector.w0, vector.w1), suite, vector.x, vector.y);
        let expected = [vector.share_p, vector.share_v, vector.confirm_p, vector.confirm_v, vector.shared];
        for (result, expected) in results.iter().zip(expected) {
            assert_eq!(**result, hex(expected), "{}", vector.context);
        }
        note(suite, KeyType::spake2p_key_pair(EccFamily::SECP_R1));
    }
}

/// The document has no vectors for the Edwards curves; these were computed with another implementation (`spake2plus` for
/// Python), from values of an earlier draft, in which secrets are not reduced.
#[test]
fn edwards_curves() {
    let vectors = [
        (
            255,
            Algorithm::SHA_256,
            "SPAKE2+-Edwards25519-SHA256-HKDF-SHA256-HMAC-SHA256 Test Vectors",
            "0deebbf7a7289efe7c2ec435ac7181a527b57294bd02b90feda36b77c3a149b5",
            "0391b2028edb047df9446bbb3385c7bc0ef716d0792b8bd98d23b1777e7805f3",
            "4eaffe97749551261dd45cc0018622dc9339ad2c8cf813272a5b1767b776b05f",
            "df49d1a53a4cd75aee2a8dfb2ac0eec8480df65ebd5fe35c4f915fcccb7c61a5",
            "0067c7851018685d8d061e5c0ff7c4b7ebd3fd90b93890198783e9d57305788b",
        ),
        (
            448,
            Algorithm::SHA_512,
            "SPAKE2+-Edwards448-SHA512-HKDF-SHA512-HMAC-SHA512 Test Vectors",
            "37e969f792a11b2e2d23eaf2a6b4ce734e5377c4271bcd1d5e07d202365ad2d2bcf757a42379afdd18188a71327c35dd8f6011fc\
             9ed8440b",
            "1c48d2c4646af3bdd95778328666eb1dfc0e59ac11ac4b442cdc10e9d5d54cc7f7d0e36dd1f47c0e4b4b2fd4db6145cf1885f23a\
             5246d48b",
            "9fc7d75d5f8a28eeab15394b379fa044e4a43cda3784089a46697dc7e4ec939c1c65ed03724211bbf133ca9900bc0c8b3d2c50bc\
             7cb8ff71f0",
            "248254ba77c13649675d14ff08537b22e9f5a415e93c6ed4645eac24a01013cf3a6e83d4711f1a14b0308dbe069d4378413c8440\
             45d11a7420",
            "2a54e4100107666990b37659160e3e196523648524f3b52c95659e31de49d277a2deb64b0f4fd5adce7167f56226379c86e1cbee\
             8e0dd4135b599505389fec3a",
        ),
    ];
    for (bits, hash, context, w0, w1, x, y, expected) in vectors {
        let suite = PakeSuite { alg: Algorithm::spake2p_hmac(hash), primitive: edwards(bits) };
        let order = groups::of(suite.primitive).unwrap();
        let reduced = |digits: &str| {
            let bytes = order.order().reduce(&hex(digits)).to_bytes();
            bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        let [.., shared] = run(sides(suite, context, w0, w1), suite, &reduced(x), &reduced(y));
        assert_eq!(*shared, hex(expected));
        note(suite, KeyType::spake2p_key_pair(EccFamily::TWISTED_EDWARDS));
    }
}

/// The draft that Matter uses: draft-bar-cfrg-spake2plus-02, appendix B, the vector with both identities.
#[test]
fn matter() {
    let suite = PakeSuite { alg: Algorithm::SPAKE2P_MATTER, primitive: secp_r1(256) };
    let sides = sides(
        suite,
        "SPAKE2+-P256-SHA256-HKDF draft-01",
        "e6887cf9bdfb7579c69bf47928a84514b5e355ac034863f7ffaf4390e67d798c",
        "24b5ae4abda868ec9336ffc3b78ee31c5755bef1759227ef5372ca139b94e512",
    );
    let x = "8b0f3f383905cf3a3bb955ef8fb62e24849dd349a05ca79aafb18041d30cbdb6";
    let y = "2e0895b0e763d6d5a9564433e64ac3cac74ff897f6c3445247ba1bab40082a91";
    let [share_p, share_v, confirm_p, confirm_v, shared] = run(sides, suite, x, y);
    let expected = [
        (share_p, MATTER[0]),
        (share_v, MATTER[1]),
        (confirm_p, MATTER[2]),
        (confirm_v, MATTER[3]),
        (shared, MATTER[4]),
    ];
    for (result, expected) in expected {
        assert_eq!(*result, hex(expected));
    }
    note(suite, KeyType::spake2p_key_pair(EccFamily::SECP_R1));
}

#[test]
fn a_share_that_is_no_element_is_refused() {
    let suite = PakeSuite { alg: Algorithm::spake2p_hmac(Algorithm::SHA_256), primitive: secp_r1(256) };
    let vector = &VECTORS[0];
    let [_, mut verifier] = sides(suite, vector.context, vector.w0, vector.w1);
    for share in [vec![], vec![0], vec![4; 65], hex(&vector.share_p.replace("04ef", "04ee"))] {
        assert_eq!(verifier.input(PakeStep::KEY_SHARE, &share), Err(Error::InvalidArgument));
    }
}

/// Shares, confirmations and the secret of the vector above.
const MATTER: [&str; 5] = [
    "04af09987a593d3bac8694b123839422c3cc87e37d6b41c1d630f000dd64980e537ae704bcede04ea3bec9b7475b32fa\
     2ca3b684be14d11645e38ea6609eb39e7e",
    "04417592620aebf9fd203616bbb9f121b730c258b286f890c5f19fea833a9c900cbe9057bc549a3e19975be9927f0e76\
     14f08d1f0a108eede5fd7eb5624584a4f4",
    "d4376f2da9c72226dd151b77c2919071155fc22a2068d90b5faa6c78c11e77dd",
    "0660a680663e8c5695956fb22dff298b1d07a526cf3cc591adfecd1f6ef6e02e",
    "801db297654816eb4f02868129b9dc89",
];
