// Names, dishes, treatments and questions of the demo's house.

export const givenNames = [
  'Ana',
  'Ben',
  'Chiara',
  'Dev',
  'Elif',
  'Femi',
  'Grace',
  'Hugo',
  'Ines',
  'Jonas',
  'Kiran',
  'Lea',
  'Marek',
  'Nora',
  'Omar',
  'Priya',
  'Quentin',
  'Rosa',
  'Samir',
  'Tessa',
  'Umar',
  'Vera',
  'Wen',
  'Ximena',
  'Yusuf',
  'Zoe',
  'Adele',
  'Bruno',
  'Clara',
  'Diego',
  'Edith',
  'Farah',
  'Gael',
  'Hana',
  'Ivan',
  'Julia',
  'Kofi',
  'Lucia',
  'Mina',
  'Noah',
] as const

export const familyNames = [
  'Adeyemi',
  'Bianchi',
  'Castro',
  'Dubois',
  'Evans',
  'Fischer',
  'García',
  'Haddad',
  'Ito',
  'Jensen',
  'Kaya',
  'Lopes',
  'Müller',
  'Novak',
  'Okafor',
  'Patel',
  'Quinn',
  'Rossi',
  'Silva',
  'Taylor',
] as const

export const streets = [
  'Doughty Street',
  'Great James Street',
  'Theobalds Road',
  'Guilford Street',
  'Red Lion Street',
  'Great Ormond Street',
  'Marchmont Street',
  'Tavistock Place',
] as const

export const staffNames = ['Amara', 'Luca', 'Freya', 'Rafael', 'Mei'] as const

/** Description and price in pence. */
export const menu = [
  ['Set lunch, two courses', 2400],
  ['Set lunch, three courses', 2900],
  ['Sunday roast', 2650],
  ['Sourdough and cultured butter', 550],
  ['Charred leeks, romesco', 1150],
  ['Line-caught mackerel', 1850],
  ['Almond tart', 900],
  ['Pot of jasmine tea', 480],
  ['Glass of Vinho Verde', 820],
  ['Aurora bath oil, 100 ml', 3200],
  ['Linen robe', 8900],
  ['Gift card', 5000],
] as const

/** Service, length in minutes, price in pence. */
export const treatments = [
  ['Deep tissue massage, 60 min', 60, 9500],
  ['Aurora facial, 45 min', 45, 8200],
  ['Thermal pools, two hours', 120, 4500],
  ['Hot stone massage, 75 min', 75, 11_500],
  ['Table by the window', 105, 0],
  ['Breathwork class', 60, 2200],
  ['Manicure, 30 min', 30, 3800],
] as const

/** Subject, message, reply. */
export const enquiryTexts = [
  [
    'A table for twelve',
    'Could you seat twelve of us together on a Saturday evening? One guest is vegan.',
    'With pleasure: the long table is yours from 19:00, and the kitchen has a vegan menu ready.',
  ],
  [
    'Lost scarf',
    'I think I left a green scarf in the changing room last week.',
    'We found it. It waits for you at the desk.',
  ],
  [
    'Gift card by post',
    'Can a gift card be sent to my sister in Leeds before the weekend?',
    'It went out this morning by first class post.',
  ],
  [
    'Massage while pregnant',
    'I am in my sixth month. Which of your massages would be right for me?',
    'Amara is trained for it: please choose the 45 minute session and tell us the week.',
  ],
  [
    'Invoice for work',
    'I need an invoice with my company’s address for lunch on Tuesday.',
    'Here it comes, with the address that you gave us.',
  ],
] as const
