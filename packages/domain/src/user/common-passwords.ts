/** Passwords of eight and more characters that are tried first everywhere; in lower case. */
const words = `12345678 123456789 1234567890 0123456789 9876543210 987654321 87654321 11111111 111111111 1111111111 00000000
  000000000 0000000000 22222222 33333333 44444444 55555555 66666666 77777777 88888888 99999999 999999999 12341234 12344321
  11223344 1122334455 112233445566 12121212 123123123 123321123 123454321 147258369 147852369 159753159 741852963 789456123
  10203040 102030405060 13579246 20202020 19841984 20002000 20012001
  password password1 password12 password123 password1234 password! password1! passw0rd p@ssw0rd p@ssword pa55word pa$$word
  password0 password01 password2 password00 password99 mypassword newpassword yourpassword thepassword passwordpassword
  changeme changeme1 changeme123 changeit default1 defaultpassword temporary temppass temp1234 test1234 testtest testing123
  testpass tester123 welcome1 welcome123 welcome1234 welcome! letmein1 letmein123 letmeinnow openseasame opensesame
  admin123 admin1234 admin12345 administrator adminadmin root1234 rootroot superuser sysadmin user1234 useruser guest123
  login123 logmein1 secret123 secretsecret topsecret qwerty12 qwerty123 qwerty1234 qwerty12345 qwertyui qwertyuiop
  qwertyuiop123 qwerasdf qweasdzxc qwe123qwe qweqweqwe qazwsxedc 1qaz2wsx 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4
  q1w2e3r4t5 zaq12wsx zaq1zaq1 zxcvbnm1 zxcvbnm123 asdfghjk asdfghjkl asdf1234 asdfasdf asdfqwer zxcvzxcv abcd1234 abc12345
  abcd12345 abcdefgh abcdefghi abcdefg1 a1b2c3d4 a1234567 a12345678 aa123456 aaaaaaaa aaaaaaaaa abcabc123 1234abcd 123456ab
  123456abc 12345abc 1234qwer 123qweasd 123qwe123 123456qwerty 1234567q 12345qwert qwer1234 qwer12345 1q1q1q1q
  iloveyou iloveyou1 iloveyou2 iloveyou123 iloveu123 lovelove loveyou1 loveme123 sunshine sunshine1 princess princess1
  football football1 baseball baseball1 basketball superman superman1 batman123 spiderman starwars starwars1 pokemon1
  pokemon123 minecraft fortnite dragon123 monkey123 master123 shadow123 michael1 michelle jennifer jessica1 samantha
  victoria alexander christopher elizabeth nicholas jonathan benjamin charlotte computer computer1 internet internet1
  whatever whatever1 trustno1 trustnoone blink182 corvette mercedes mustang1 ferrari1 chocolate butterfly sweetheart
  babygirl babygirl1 hello123 hello1234 hellohello helloworld goodbye1 summer2020 summer2021 summer2022 summer2023 summer2024
  summer2025 summer2026 winter2020 winter2021 winter2022 winter2023 winter2024 winter2025 winter2026 spring2024 spring2025
  spring2026 autumn2024 autumn2025 autumn2026 january1 february december november september
  tjdqhdqor dkssudgktpdy dkssud123 tkfkdgo tkfkdgo1 tkfkdgo123 tkfkdgody qlalfqjsgh qlalfqjsgh1 rhdiddl123 dkagh1234
  korea123 korea1234 koreakorea seoul1234 seoul2002 samsung1 samsung123 google123 facebook facebook1 twitter1 linkedin
  liverpool chelsea1 arsenal1 barcelona realmadrid manchester juventus1`;

const common: ReadonlySet<string> = new Set(words.split(/\s+/));

/** Whether everybody who guesses tries this one early, in whatever case it is written. */
export const isCommonPassword = (password: string): boolean => common.has(password.toLowerCase());
